package dev.starling.tests.envoy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * What the client of a case has at hand.
 *
 * @param host the authority that leads to the case's virtual host
 * @param path that leads to its route
 */
record RetryStage(ProxyProcess proxy, RetryUpstreams upstreams, RetryCase played, String host, String path) {

    private static final int PATIENCE_MILLIS = 5000;

    /** Makes a client one from inside. */
    private static final String INSIDE = "x-forwarded-for: 10.1.2.3";

    Socket connect() throws IOException {
        InetSocketAddress address = proxy.listener(played.listener());
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** The head of a request after which the connection ends. */
    String head(String method, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nhost: " + host + "\r\n");
        Arrays.stream(headers).forEach(line -> head.append(line).append("\r\n"));
        return head + "connection: close\r\n\r\n";
    }

    String inside(String method, String... headers) {
        return head(
                method, Stream.concat(Stream.of(INSIDE), Arrays.stream(headers)).toArray(String[]::new));
    }

    /** The fields of an HTTP/2 request. */
    String[] fields(String method, String... more) {
        return Stream.concat(
                        Stream.of(":method: " + method, ":scheme: http", ":authority: " + host, ":path: " + path),
                        Arrays.stream(more))
                .toArray(String[]::new);
    }

    String http1(String request) throws IOException {
        return http1(request, PATIENCE_MILLIS);
    }

    /** @param millis how long an answer is waited for */
    String http1(String request, int millis) throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(millis);
            return ClientTalk.http1(socket, request);
        }
    }

    /** One request on a connection of HTTP/2. */
    String http2(ClientTalk.Says says) throws IOException {
        try (Socket socket = connect()) {
            return ClientTalk.http2(socket, says, 1);
        }
    }

    /** Until so many attempts have come to the upstreams. */
    void awaitAttempts(int count) {
        Awaitility.await(played.name() + ": attempt " + count)
                .atMost(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() -> upstreams.http1.count() + upstreams.http2.count() >= count);
    }

    /** Until a gauge of the cluster, or a counter that no other case has moved, has this value. */
    void await(String statistic, long value) {
        Awaitility.await(played.name() + ": " + statistic)
                .atMost(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() -> stat(statistic) == value);
    }

    /** A statistic of the case's cluster. */
    long stat(String name) throws IOException {
        return proxy.stats().getOrDefault("cluster." + played.cluster() + "." + name, 0L);
    }
}
