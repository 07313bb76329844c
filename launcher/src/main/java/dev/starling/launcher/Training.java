package dev.starling.launcher;

import dev.starling.launcher.demo.Demo;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The first visitors of a proxy, played to it so that the JVM records what a start and ordinary traffic need: which
 * classes, linked, and which methods are hot.
 */
final class Training {

    private static final int CONNECTIONS = 20;
    private static final int REQUESTS_EACH = 100;
    private static final int TIMEOUT_MILLIS = 10_000;

    private static final List<String> REQUESTS = List.of(
            "GET / HTTP/1.1\r\nHost: demo\r\nUser-Agent: training\r\nAccept: */*\r\n\r\n",
            "GET /some/path?with=query HTTP/1.1\r\nHost: demo:80\r\nCookie: a=b\r\nAccept-Encoding: gzip\r\n\r\n",
            "POST /form HTTP/1.1\r\nHost: demo\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
            "PUT /chunks HTTP/1.1\r\nHost: demo\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "HEAD / HTTP/1.1\r\nHost: demo\r\n\r\n");

    private static final List<String> ADMIN_PATHS = List.of(
            "/ready", "/clusters", "/listeners", "/stats", "/stats/prometheus", "/server_info", "/config_dump", "/");

    private Training() {}

    static void visit(RunningProxy proxy) throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            try (var socket = connect(proxy.listenerAddress(Demo.LISTENER))) {
                var in = new BufferedInputStream(socket.getInputStream());
                for (int j = 0; j < REQUESTS_EACH; j++) {
                    String request = REQUESTS.get(j % REQUESTS.size());
                    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                    readAnswer(in, request.startsWith("HEAD"));
                }
            }
        }
        if (proxy.adminAddress().isPresent()) {
            for (String path : ADMIN_PATHS) {
                try (var socket = connect(proxy.adminAddress().get())) {
                    String request = "GET " + path + " HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n\r\n";
                    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                    socket.getInputStream().readAllBytes();
                }
            }
        }
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        var socket = new Socket();
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect(address, TIMEOUT_MILLIS);
        return socket;
    }

    /** The upstreams give lengths, so that is all this reads; interim answers are passed over. */
    private static void readAnswer(InputStream in, boolean headOnly) throws IOException {
        String status = line(in);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).trim());
            }
        }
        if (status.startsWith("HTTP/1.1 100")) {
            readAnswer(in, headOnly);
        } else if (!headOnly) {
            in.skipNBytes(length);
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the proxy closed a connection in the middle of an answer");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
