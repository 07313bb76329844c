package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The first bytes that are compared. */
final class InspectionCases {

    private static final byte[] HELLO = ClientHellos.of("www.example.com", "foo", "bar");
    private static final String V2 = "0d0a0d0a000d0a515549540a";
    private static final String IPV4 = "01020304 05060708 0102 0304";
    private static final String IPV6 = "20010db8000000000000000000000001 20010db8000000000000000000000002 0102 0304";

    private final List<InspectionCase> cases = new ArrayList<>();

    private InspectionCases() {}

    static List<InspectionCase> all() {
        InspectionCases all = new InspectionCases();
        all.hellos();
        all.records();
        all.lines();
        all.preambles();
        return all.cases;
    }

    private void add(String listener, String name, byte[]... bytes) {
        cases.add(new InspectionCase(name, listener, false, List.of(bytes)));
    }

    private void addEnding(String listener, String name, byte[]... bytes) {
        cases.add(new InspectionCase(name, listener, true, List.of(bytes)));
    }

    private void hellos() {
        add("tls", "a hello", HELLO);
        add("tls", "a hello without a name", ClientHellos.of(""));
        add("tls", "a hello with h2", ClientHellos.of("a.example", "h2", "http/1.1"));
        add("tls", "a hello in capitals", ClientHellos.of("WWW.EXAMPLE.COM"));
        addEnding("tls", "a hello", HELLO);
        add("tls", "nothing");
        addEnding("tls", "nothing");
        add("tls", "half a hello", Arrays.copyOf(HELLO, 100));
        addEnding("tls", "half a hello", Arrays.copyOf(HELLO, 100));
        add("patient", "half a hello", Arrays.copyOf(HELLO, 100));
        add("patient", "nothing");
        for (int length : new int[] {1, 4, 5, 50}) {
            add("tls", "a hello in records of " + length, ClientHellos.inRecordsOf(length, HELLO));
        }
        for (int split : new int[] {1, 4, 5, 6, 9, 60}) {
            add(
                    "tls",
                    "split at " + split,
                    Arrays.copyOf(HELLO, split),
                    Arrays.copyOfRange(HELLO, split, HELLO.length));
        }
        add("tls", "a hello and more", join(HELLO, new byte[100]));
    }

    private void records() {
        Map<String, String> records = new TreeMap<>(Map.ofEntries(
                Map.entry("zeros", "0000000000"),
                Map.entry("one zero", "00"),
                Map.entry("a wrong version", "1602010005 0100000100"),
                Map.entry("a record that is too long", "1603014141"),
                Map.entry("a record that may be", "1603014140"),
                Map.entry("application data", "1703010001 00"),
                Map.entry("a fatal alert", "1503010002 0200"),
                Map.entry("a warning", "1503010002 0100"),
                Map.entry("warnings", "1503010002 0100".repeat(5)),
                Map.entry("an empty record", "1603010000"),
                Map.entry("empty records", "1603010000".repeat(33)),
                Map.entry("a message that is too long", "1603010004 01004001"),
                Map.entry("a message that may be", "1603010004 01004000"),
                Map.entry("a server's hello", "1603010005 0200000100"),
                Map.entry("an empty hello", "1603010004 01000000"),
                Map.entry(
                        "SSL 2",
                        "802e 0103 01 0015 0000 0010 010080 020080 030080 040080 050080 060040 0700c0"
                                + "00112233445566778899aabbccddeeff")));
        records.forEach((name, hex) -> add("tls", name, hex(hex)));
        add("tls", "much of a hello", join(hex("1603014000 01003ffc"), new byte[16 * 1024]));
    }

    private void lines() {
        for (String line : List.of(
                "GET / HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.1\r\n",
                "GET / HTTP/1.1\n",
                "GET / HTTP/2.0\r\n\r\n",
                "GET / HTTP/0.9\r\n\r\n",
                "GET / HTTP/1\r\n\r\n",
                "GET / HTTP/11.1\r\n\r\n",
                "GET /\r\n",
                "GET  / HTTP/1.1\r\n",
                "GET / HTTP/1.1 \r\n",
                "GET / FOO/1.1\r\n",
                "get / HTTP/1.1\r\n",
                "GETS / HTTP/1.1\r\n",
                "FOO / HTTP/1.1\r\n",
                "M-SEARCH / HTTP/1.1\r\n",
                "PROPFIND / HTTP/1.1\r\n",
                "CONNECT a:80 HTTP/1.1\r\n",
                "OPTIONS * HTTP/1.1\r\n",
                "GET http://a/ HTTP/1.1\r\n",
                "GET foo HTTP/1.1\r\n",
                "\r\nGET / HTTP/1.1\r\n",
                " GET / HTTP/1.1\r\n",
                "SSH-2.0-x\r\n",
                "EHLO a\r\n",
                "x",
                "Z",
                "G",
                "GET / HTTP/1.1",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nmore",
                "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
                "PRI * HTTP/2.0\r\n",
                "PRI / HTTP/1.1\r\n",
                "HTTP/1.1 200 OK\r\n")) {
            add("http", line.replace("\r", "<cr>").replace("\n", "<lf>"), text(line));
        }
        add("http", "a hello", HELLO);
        add("http", "a long line", text("GET /" + "a".repeat(9000) + " HTTP/1.1\r\n"));
        addEnding("http", "half a line", text("GET / HT"));
        add("http", "a line in two parts", text("GE"), text("T / HTTP/1.1\r\n"));
        add("http", "a preface in two parts", text("PRI * HT"), text("TP/2.0\r\n\r\nSM\r\n\r\n"));
    }

    private void preambles() {
        List<byte[]> preambles = new ArrayList<>();
        for (String line : List.of(
                "PROXY TCP4 1.2.3.4 5.6.7.8 111 222\r\n",
                "PROXY TCP6 2001:db8::1 2001:db8::2 111 222\r\n",
                "PROXY TCP6 1.2.3.4 5.6.7.8 111 222\r\n",
                "PROXY TCP4 2001:db8::1 2001:db8::2 111 222\r\n",
                "PROXY UNKNOWN\r\n",
                "PROXY UNKNOWN 1.2.3.4 5.6.7.8 111 222\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 111 65536\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 111\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 0 0\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 +1 2\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 -1 2\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 0111 222\r\n",
                "PROXY TCP4 1.2.3.4  5.6.7.8 111 222\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 111 222 \r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 111 222 333\r\n",
                "PROXY  TCP4 1.2.3.4 5.6.7.8 111 222\r\n",
                "PROXY TCP4 1.2.3.04 5.6.7.8 111 222\r\n",
                "PROXY TCP4 1.2.3 5.6.7.8 111 222\r\n",
                "PROXY TCP4 0.0.0.0 5.6.7.8 111 222\r\n",
                "PROXY TCP4 224.0.0.1 5.6.7.8 111 222\r\n",
                "PROXY TCP4 1.2.3.4 255.255.255.255 111 222\r\n",
                "PROXY TCP6 ::1 ::1 111 222\r\n",
                "PROXY TCP6 :: ::1 111 222\r\n",
                "PROXY UDP4 1.2.3.4 5.6.7.8 111 222\r\n",
                "PROXY \r\n",
                "PROXY\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 111 222\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 111 222",
                "proxy TCP4 1.2.3.4 5.6.7.8 111 222\r\n",
                "PROXX TCP4 1.2.3.4 5.6.7.8 111 222\r\n",
                "PROX",
                "GET / HTTP/1.1\r\n\r\n",
                "x",
                "PROXY UNKNOWN" + " ".repeat(92) + "\r\n",
                "PROXY UNKNOWN" + " ".repeat(93) + "\r\n",
                "PROXY UNKNOWN" + " ".repeat(94) + "\r\n",
                "PROXY UNKNOWN" + " ".repeat(110) + "\r\n")) {
            preambles.add(text(line));
        }
        for (String header : List.of(
                "21 11 000c" + IPV4,
                "21 21 0024" + IPV6,
                "21 11 0013" + IPV4 + "020001 61 03 0000",
                "21 11 000f" + IPV4 + "020001",
                "21 11 000e" + IPV4 + "0200",
                "20 00 0000",
                "20 11 000c" + IPV4,
                "20 00 0004 01000100",
                "20 00 0002 0100",
                "21 00 0000",
                "21 01 0000",
                "21 10 000c" + IPV4,
                "21 12 000c" + IPV4,
                "21 22 0024" + IPV6,
                "21 31 00d8" + "00".repeat(216),
                "21 41 000c" + IPV4,
                "11 11 000c" + IPV4,
                "31 11 000c" + IPV4,
                "22 11 000c" + IPV4,
                "21 11 000b" + "01020304 05060708 0102 03",
                "21 11 0000",
                "21 11 000c 00000000 05060708 0102 0304",
                "21 11 000c 01020304 e0000001 0102 0304",
                "21 21 0024" + "00".repeat(16) + IPV6.substring(32),
                "21 21 000c" + IPV4,
                "21 11 ffff" + IPV4)) {
            preambles.add(hex(V2 + header));
        }
        preambles.add(hex(V2));
        for (String listener : List.of("proxy", "may-proxy", "only-v1", "only-v2")) {
            for (byte[] preamble : preambles) {
                String name = new String(preamble, ISO_8859_1).replaceAll("[^ -~]", ".");
                add(listener, name, join(preamble, HELLO));
            }
        }
        cuts();
        tlvs();
        add("proxy", "nothing but a line", preambles.getFirst());
        addEnding("proxy", "nothing but a line", preambles.getFirst());
        addEnding("proxy", "half a line", text("PROXY TCP4"));
        addEnding("proxy", "nothing");
        add("may-proxy", "nothing");
        add(
                "proxy",
                "a line in parts",
                text("PROXY TCP4 1.2.3.4 5.6"),
                text(".7.8 111 222\r"),
                join(text("\n"), HELLO));
        add(
                "proxy",
                "a header in parts",
                hex(V2),
                hex("21 11 000c" + IPV4.substring(0, 8)),
                join(hex(IPV4.substring(9)), HELLO));
    }

    /** After each byte of a header there is a pause, or the end. */
    private void cuts() {
        cuts("a line", text("PROXY TCP4 1.2.3.4 5.6.7.8 111 222\r\n"));
        cuts("a header", hex(V2 + "21 11 000f" + IPV4 + "020000"));
    }

    private void cuts(String name, byte[] header) {
        byte[] all = join(header, HELLO);
        for (int at = 1; at <= header.length; at++) {
            byte[] first = Arrays.copyOf(all, at);
            add("proxy", "pause after " + at + " of " + name, first, Arrays.copyOfRange(all, at, all.length));
            addEnding("proxy", "end after " + at + " of " + name, first);
        }
    }

    private void tlvs() {
        Map<String, String> values = new TreeMap<>(Map.of(
                "one", "020001 61",
                "several", "040002 6363 020001 61 030001 62",
                "twice", "020001 61 020001 62",
                "empty", "020000 030000",
                "quotes", "020003 22 5c 0a",
                "beyond ASCII", "020004 c3a9 c3a9",
                "not UTF-8", "020005 61 ff fe c3 62",
                "zeros", "020003 61 00 62",
                "unknown", "050001 61"));
        values.forEach((name, tlvs) -> {
            byte[] bytes = hex(tlvs);
            byte[] header = hex(V2 + "21 11 %04x".formatted(12 + bytes.length) + IPV4);
            for (String listener : List.of("told", "told-text")) {
                add(listener, "TLV " + name, join(join(header, bytes), HELLO));
            }
        });
    }

    private static byte[] text(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
