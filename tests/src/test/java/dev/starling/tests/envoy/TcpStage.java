package dev.starling.tests.envoy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Both sides of a case, in the hands of one thread, so that each run has the same order. */
final class TcpStage implements AutoCloseable {

    /** What a side may hold unread: a kernel left to itself may take tens of megabytes. */
    private static final int SOCKET_BYTES = 64 * 1024;

    private static final int BACKLOG = 64;
    private static final int PATIENCE_MILLIS = 5000;

    private final ProxyProcess proxy;
    private final InetSocketAddress listener;
    private final ServerSocket upstream;
    private final List<TcpPeer> peers = new ArrayList<>();
    private final List<String> journal = new ArrayList<>();
    private final Map<Integer, String> ports = new HashMap<>();
    private final Map<String, Long> before;
    private int clients;

    TcpStage(ProxyProcess proxy, String listener, ServerSocket upstream) throws IOException {
        this.proxy = proxy;
        this.listener = proxy.listener(listener);
        this.upstream = upstream;
        this.before = proxy.stats();
        ports.put(this.listener.getPort(), "LISTENER");
        ports.put(upstream.getLocalPort(), "UPSTREAM");
    }

    /** What takes the connections of the proxy, on a port of its own. */
    static ServerSocket upstream() throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReceiveBufferSize(SOCKET_BYTES);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        return server;
    }

    /** A client that has connected. */
    TcpPeer client() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SOCKET_BYTES);
        socket.connect(listener, PATIENCE_MILLIS);
        clients++;
        ports.put(socket.getLocalPort(), "CLIENT");
        return keep("client" + (clients > 1 ? clients : ""), socket);
    }

    /** The next connection that the proxy makes. */
    TcpPeer accept() throws IOException {
        upstream.setSoTimeout(PATIENCE_MILLIS);
        Socket socket = upstream.accept();
        ports.put(socket.getPort(), "PROXY");
        return keep("upstream", socket);
    }

    private TcpPeer keep(String name, Socket socket) throws IOException {
        TcpPeer peer = new TcpPeer(name, socket, journal);
        peers.add(peer);
        return peer;
    }

    /** Notes a statistic of the moment, when it is this or after a while. */
    void sees(String statistic, long value) throws IOException {
        long got = -1;
        for (int i = 0; i < 50 && got != value; i++) {
            got = proxy.stats().getOrDefault(statistic, 0L);
        }
        journal.add(statistic + " is " + got);
    }

    /** Waits until a statistic has grown since the stage was set. */
    void awaitMore(String statistic) {
        Awaitility.await(statistic)
                .atMost(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .until(() -> proxy.stats().getOrDefault(statistic, 0L) > before.getOrDefault(statistic, 0L));
    }

    int clients() {
        return clients;
    }

    /** The statistics when the stage was set. */
    Map<String, Long> before() {
        return before;
    }

    List<String> journal() {
        return journal;
    }

    /** What stands for a port that differs from run to run. */
    String named(int port) {
        return ports.getOrDefault(port, Integer.toString(port));
    }

    /** Ends all that is open, and what waits to be accepted. */
    @Override
    public void close() throws IOException {
        for (TcpPeer peer : peers) {
            peer.close();
        }
        upstream.setSoTimeout(1);
        try {
            while (true) {
                upstream.accept().close();
            }
        } catch (SocketTimeoutException none) {
            // nobody waits
        }
    }
}
