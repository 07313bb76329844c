package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real Envoy and Starling tell endpoints the same of clients, and share the same connections among them. */
@Timeout(120)
class UpstreamProxyProtocolSameAsEnvoyIT extends Comparison<ServerSocket> {

    private static final int PATIENCE_MILLIS = 5000;
    private static final int SILENCE_MILLIS = 150;
    private static final String GET = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    private static final String V2 = "0d0a0d0a000d0a515549540a";

    UpstreamProxyProtocolSameAsEnvoyIT() {
        super("upstream-proxy-protocol-bootstrap.yaml");
    }

    @Override
    ServerSocket openUpstream() throws IOException {
        return TcpStage.upstream();
    }

    @Override
    Map<String, ?> values() {
        return Map.of("upstream", upstream.getLocalPort());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            tcp-v1, ''
            tcp-v2, ''
            tcp-v1, PROXY TCP4 1.2.3.4 5.6.7.8 11 22
            tcp-v2, PROXY TCP4 1.2.3.4 5.6.7.8 11 22
            tcp-v1, PROXY TCP6 2001:db8::1 2001:db8::2 11 22
            tcp-v2, PROXY TCP6 2001:db8::1 2001:db8::2 11 22
            tcp-v1, PROXY UNKNOWN
            tcp-v2, PROXY UNKNOWN
            tcp-v1, 2111001c 01020304 05060708 0102 0304 02000161 03000162 05000163 06000164
            tcp-v2, 2111001c 01020304 05060708 0102 0304 02000161 03000162 05000163 06000164
            tcp-v2, 20000000
            http-v1, ''
            http-v2, ''
            http-v1, PROXY TCP4 1.2.3.4 5.6.7.8 33 44
            http-v2, 2111001c 01020304 05060708 0102 0304 02000161 03000162 05000163 06000164
            """)
    void tellsTheSame(String listener, String preamble) throws IOException {
        proxies.assertAlike(proxy -> told(proxy, listener, preamble));
    }

    @Test
    void sharesConnectionsAmongRequestsOfOneClientOnly() throws IOException {
        assertThat(shared(proxies.starling()))
                .isEqualTo(shared(proxies.envoy()))
                .containsExactly(1, 0, 1, 0);
    }

    /** How many connections the upstream gets for each request: of one client, again, of another, of one told the same. */
    private List<Integer> shared(ProxyProcess proxy) throws IOException {
        List<Integer> counts = new ArrayList<>();
        List<Socket> open = new ArrayList<>();
        try (Socket first = connect(proxy, "http-v1");
                Socket second = connect(proxy, "http-v1");
                Socket third = connect(proxy, "http-v1")) {
            String line =
                    "PROXY TCP4 10.0.0.1 10.0.0.2 " + proxy.listener("http-v1").getPort() + " 2\r\n";
            counts.add(exchange(first, line + GET, open));
            counts.add(exchange(first, GET, open));
            counts.add(exchange(second, "PROXY TCP4 10.0.0.3 10.0.0.2 1 2\r\n" + GET, open));
            counts.add(exchange(third, line + GET, open));
        } finally {
            for (Socket each : open) {
                each.close();
            }
        }
        return counts;
    }

    private int exchange(Socket client, String request, List<Socket> open) throws IOException {
        client.getOutputStream().write(request.getBytes(ISO_8859_1));
        int before = open.size();
        upstream.setSoTimeout(SILENCE_MILLIS);
        try {
            Socket accepted = upstream.accept();
            accepted.setSoTimeout(PATIENCE_MILLIS);
            open.add(accepted);
        } catch (SocketTimeoutException none) {
            // it comes on one that is open
        }
        for (Socket each : open) {
            each.setSoTimeout(SILENCE_MILLIS);
            if (new String(available(each), ISO_8859_1).contains("GET ")) {
                each.getOutputStream().write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".getBytes(ISO_8859_1));
            }
        }
        assertThat(client.getInputStream().read()).isEqualTo('H');
        while (client.getInputStream().available() > 0) {
            client.getInputStream().skipNBytes(1);
        }
        return open.size() - before;
    }

    /** What the upstream hears first, with the ports of this run replaced. */
    private String told(ProxyProcess proxy, String listener, String preamble) throws IOException {
        try (Socket client = connect(proxy, listener)) {
            client.getOutputStream().write(bytes(preamble));
            client.getOutputStream().write((listener.startsWith("http") ? GET : "hello").getBytes(ISO_8859_1));
            upstream.setSoTimeout(PATIENCE_MILLIS);
            try (Socket accepted = upstream.accept()) {
                accepted.setSoTimeout(SILENCE_MILLIS);
                String text = new String(available(accepted), ISO_8859_1);
                int head = text.indexOf("GET ");
                return (head < 0 ? text : text.substring(0, head))
                        .replace(" " + client.getLocalPort() + " " + client.getPort(), " CLIENT LISTENER")
                        .replace(twoBytes(client.getLocalPort()) + twoBytes(client.getPort()), "<client><listener>");
            }
        }
    }

    private static String twoBytes(int port) {
        return "" + (char) (port >> 8) + (char) (port & 0xff);
    }

    private static byte[] bytes(String preamble) {
        if (preamble.startsWith("2")) {
            return HexFormat.of().parseHex(V2 + preamble.replace(" ", ""));
        }
        return (preamble.isEmpty() ? "" : preamble + "\r\n").getBytes(ISO_8859_1);
    }

    private static Socket connect(ProxyProcess proxy, String listener) throws IOException {
        Socket client = new Socket();
        client.setSoTimeout(PATIENCE_MILLIS);
        client.connect(proxy.listener(listener));
        return client;
    }

    /** What comes until nothing more does for a while. */
    private static byte[] available(Socket socket) throws IOException {
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        try {
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                got.write(b);
            }
        } catch (SocketTimeoutException silent) {
            // as is meant
        }
        return got.toByteArray();
    }
}
