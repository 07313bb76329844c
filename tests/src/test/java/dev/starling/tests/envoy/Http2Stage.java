package dev.starling.tests.envoy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Both sides of a case, in the hands of one thread, so that each run has the same order. */
final class Http2Stage implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 3000;

    private static final int[] LARGE_WINDOW = {4, 1 << 20};

    private final ProxyProcess proxy;
    private final InetSocketAddress listener;
    private final ServerSocket upstream;
    private final List<Http2Peer> clients = new ArrayList<>();
    private final List<Http2Journal> journals = new ArrayList<>();
    private final List<Http2Upstream> upstreams = new ArrayList<>();
    private final List<String> upstreamJournal = new ArrayList<>();

    Http2Stage(ProxyProcess proxy, String listener, ServerSocket upstream) throws IOException {
        this.proxy = proxy;
        this.listener = proxy.listener(listener);
        this.upstream = upstream;
    }

    ProxyProcess proxy() {
        return proxy;
    }

    /** A client that has sent its preface and takes as much as comes. */
    Http2Peer client() throws IOException {
        return raw().begin(LARGE_WINDOW).window(0, 1 << 20);
    }

    /** A client that has sent nothing. */
    Http2Peer raw() throws IOException {
        return raw(0);
    }

    /** @param receiveBytes of the socket's buffer; 0 for what the system gives */
    Http2Peer raw(int receiveBytes) throws IOException {
        Http2Journal journal = new Http2Journal("client" + (clients.isEmpty() ? "" : clients.size() + 1));
        Http2Peer client = new Http2Peer(listener, receiveBytes, journal);
        clients.add(client);
        journals.add(journal);
        return client;
    }

    /** The next connection that the proxy makes. */
    Http2Upstream accept() throws IOException {
        Http2Upstream accepted = acceptWithin(PATIENCE_MILLIS);
        if (accepted == null) {
            throw new IOException("no connection comes");
        }
        return accepted;
    }

    private @Nullable Http2Upstream acceptWithin(int millis) throws IOException {
        upstream.setSoTimeout(millis);
        try {
            Socket socket = upstream.accept();
            String name = "upstream" + (upstreams.isEmpty() ? "" : upstreams.size() + 1);
            Http2Upstream accepted = new Http2Upstream(name, socket, upstreamJournal);
            upstreams.add(accepted);
            return accepted;
        } catch (SocketTimeoutException none) {
            return null;
        }
    }

    /** Waits for the stream's end, answering the request's head if it comes to the upstream. */
    @Nullable
    Http2Upstream answer(Http2Peer client, int stream, String answer) throws IOException {
        Http2Upstream asked = null;
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (asked == null && !client.over(stream) && System.nanoTime() < deadline) {
            client.read();
            asked = acceptWithin(1);
        }
        if (asked != null) {
            asked.head().send(answer);
            client.until(stream);
        }
        return asked;
    }

    /** Until the proxy has heard that the clients have gone: else it may be the upstream that ends what is open. */
    private void awaitNoClient() throws IOException {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (System.nanoTime() < deadline && proxy.stats().entrySet().stream().anyMatch(Http2Stage::clients)) {
            Thread.onSpinWait();
        }
    }

    private static boolean clients(Map.Entry<String, Long> stat) {
        return stat.getValue() > 0
                && stat.getKey().endsWith(".downstream_cx_active")
                && stat.getKey().startsWith("http.")
                && !stat.getKey().startsWith("http.admin.");
    }

    /** Ends all that is open. */
    @Override
    public void close() throws IOException {
        for (Http2Peer client : clients) {
            client.close();
        }
        awaitNoClient();
        for (Http2Upstream each : upstreams) {
            each.close();
        }
        upstream.setSoTimeout(1);
        try {
            while (true) {
                upstream.accept().close();
                upstreamJournal.add("upstream gets a connection");
            }
        } catch (SocketTimeoutException none) {
            return;
        }
    }

    /** What both sides saw, with a client's own port left out. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        journals.forEach(text::append);
        upstreamJournal.forEach(line -> text.append(line).append('\n'));
        String neutral = Ports.named(text.toString(), listener.getPort(), "LISTENER");
        for (Http2Peer client : clients) {
            neutral = Ports.named(neutral, client.port(), "CLIENT");
        }
        return neutral;
    }
}
