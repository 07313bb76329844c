package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.TlsListener.SERVER;
import static dev.starling.tests.envoy.TlsListener.common;
import static dev.starling.tests.envoy.TlsListener.files;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** First bytes of clients: old, cut off, bent, or no TLS at all; and of those that say nothing. */
final class TlsWireCases {

    private static final int PATIENCE_MILLIS = 3000;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final long SEED = 11;
    private static final int BENT = 60;

    private static final String SUITES = "009c 009d 002f 0035 c009 c00a c013 c014 c02b c02c c02f c030 cca8 cca9";

    private TlsWireCases() {}

    static List<TlsListener> listeners() {
        return List.of(
                common("wire", SERVER),
                common("wire-rsa", "tls_certificates: [" + files("rsa") + "]"),
                common(
                        "wire-pair",
                        "tls_certificates: [" + files("server-rsa") + ", " + files("server")
                                + "], tls_params: {cipher_suites: [ECDHE-ECDSA-AES128-GCM-SHA256,"
                                + " ECDHE-RSA-AES128-GCM-SHA256, ECDHE-RSA-AES128-SHA, AES128-SHA]}"),
                new TlsListener(
                        "hasty", "common_tls_context: {" + SERVER + "}", "transport_socket_connect_timeout: 0.2s", ""));
    }

    static List<TlsCase> cases() {
        List<TlsCase> cases = new ArrayList<>();
        byte[] hello = ClientHellos.of("server.example.com", "http/1.1");
        for (String listener : List.of("wire", "wire-rsa", "wire-pair")) {
            for (String suite : SUITES.split(" ", -1)) {
                cases.add(sends(listener, "1.2 with " + suite, oldHello(0x0303, "0017 001d", suite), true));
            }
            cases.add(sends(listener, "1.2 with all", oldHello(0x0303, "0017 001d", SUITES), true));
            cases.add(sends(listener, "1.2 with RSA suites", oldHello(0x0303, "0017", "c02f c013 002f"), true));
            cases.add(sends(listener, "1.2, other groups", oldHello(0x0303, "0018 0019", SUITES), true));
            cases.add(sends(listener, "1.2, no group of ours", oldHello(0x0303, "001e", SUITES), true));
            cases.add(sends(listener, "1.1", oldHello(0x0302, "0017 001d", SUITES), true));
            cases.add(sends(listener, "1.0", oldHello(0x0301, "0017 001d", SUITES), true));
            cases.add(sends(listener, "SSL 3", oldHello(0x0300, "0017 001d", SUITES), true));
            cases.add(sends(listener, "two in one", oldHello(0x0303, "0017 001d", "5600 c02b c02f"), true));
        }
        for (int length : new int[] {0, 1, 4, 5, 6, 9, 50, hello.length - 1}) {
            cases.add(sends("wire", length + " bytes, then the end", Arrays.copyOf(hello, length), true));
        }
        cases.add(sends("wire", "HTTP", "GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(ISO_8859_1), false));
        cases.add(sends("wire", "a POST", "POST / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(ISO_8859_1), false));
        cases.add(sends("wire", "HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1), false));
        cases.add(sends("wire", "a proxy's request", "CONNECT a:1 HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1), false));
        cases.add(sends("wire", "words", "hello, is anybody there?".getBytes(ISO_8859_1), false));
        cases.add(sends("wire", "zeros", new byte[64], false));
        cases.add(sends("wire", "an alert", bytes("15 0301 0002 0228"), false));
        cases.add(sends("wire", "a warning", bytes("15 0301 0002 0100"), false));
        cases.add(sends("wire", "data", bytes("17 0303 0002 0228"), false));
        cases.add(sends("wire", "a cipher change", bytes("14 0303 0001 01"), false));
        cases.add(sends("wire", "empty records", bytes("16 0301 0000".repeat(40)), false));
        cases.add(sends("wire", "a record too long", bytes("16 0301 ffff" + "00".repeat(100)), false));
        cases.add(sends("wire", "a message too long", bytes("16 0301 0010 01 ffffff" + "00".repeat(12)), true));
        cases.add(sends("wire", "in records of one byte", ClientHellos.inRecordsOf(1, hello), true));
        cases.add(sends("wire", "twice", twice(hello), true));
        Random random = new Random(SEED);
        for (int i = 0; i < BENT; i++) {
            byte[] bent = hello.clone();
            int at = 5 + random.nextInt(hello.length - 5);
            bent[at] = (byte) random.nextInt(256);
            cases.add(sends("wire", "bent at " + at + " to " + (bent[at] & 0xff) + ", " + i, bent, true));
        }
        cases.add(sends("hasty", "nothing", new byte[0], false));
        cases.add(sends("hasty", "half", Arrays.copyOf(hello, 50), false));
        cases.add(sends("hasty", "no answer to ours", hello, false));
        return cases;
    }

    private static byte[] twice(byte[] hello) {
        return ByteBuffer.allocate(2 * hello.length).put(hello).put(hello).array();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /** Of a client that has never heard of TLS 1.3. */
    private static byte[] oldHello(int version, String groups, String suites) {
        String signatures = "0403 0503 0804 0401 0501 0201";
        String extensions = extension("000a", counted(groups))
                + extension("000b", "0100")
                + extension("000d", counted(signatures))
                + extension("0017", "");
        String body =
                "%04x".formatted(version) + "5a".repeat(32) + "00" + counted(suites) + "0100" + counted(extensions);
        String message = "01" + "%06x".formatted(length(body)) + body;
        return bytes("16 0301" + counted(message));
    }

    private static int length(String hex) {
        return hex.replace(" ", "").length() / 2;
    }

    private static String counted(String hex) {
        return "%04x".formatted(length(hex)) + hex;
    }

    private static String extension(String type, String content) {
        return type + counted(content);
    }

    /** @param ends whether the client then ends its direction */
    private static TlsCase sends(String listener, String about, byte[] bytes, boolean ends) {
        return new TlsCase(listener, listener + ": sends " + about, address -> answer(address, bytes, ends));
    }

    private static String answer(InetSocketAddress address, byte[] bytes, boolean ends) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(bytes);
            if (ends) {
                socket.shutdownOutput();
            }
            InputStream in = socket.getInputStream();
            byte[] head = in.readNBytes(5);
            String said = head.length < 5 ? "nothing" : said(head, in);
            in.readAllBytes();
            return said;
        } catch (SocketTimeoutException silence) {
            return "<open>";
        } catch (SocketException reset) {
            return "<reset>";
        }
    }

    private static String said(byte[] head, InputStream in) throws IOException {
        byte[] content = in.readNBytes((head[3] & 0xff) << 8 | (head[4] & 0xff));
        return switch (head[0]) {
            case ALERT -> "alert " + HexFormat.of().formatHex(content);
            case HANDSHAKE -> "hello " + suite(content);
            default -> "record of type " + head[0];
        };
    }

    /** The version and the suite that the server chose. */
    private static String suite(byte[] message) {
        int suite = 4 + 2 + 32 + 1 + message[38];
        return HexFormat.of().formatHex(message, 4, 6) + " " + HexFormat.of().formatHex(message, suite, suite + 2);
    }
}
