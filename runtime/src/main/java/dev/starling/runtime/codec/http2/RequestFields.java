package dev.starling.runtime.codec.http2;

import dev.starling.runtime.codec.hpack.HpackEncoder;
import dev.starling.runtime.message.Ascii;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;

/**
 * Encodes the heads of requests: pseudo-headers first, and none of the headers that belong to an HTTP/1.1 connection (RFC
 * 9113 8.2.2), whoever has added them. Kept by a connection. Confined to the loop.
 */
final class RequestFields implements Headers.FieldEncoder {

    private static final String CONNECT = "CONNECT";
    private static final String METHOD = ":method";
    private static final String PROTOCOL = ":protocol";
    private static final String AUTHORITY = ":authority";
    private static final String PATH = ":path";

    private static final int PSEUDO_HEADERS = 5;

    /** Their indexes in the table that both sides know (RFC 7541 A), as a whole field is coded. */
    private static final byte METHOD_GET = (byte) (0x80 | 2);

    private static final byte METHOD_POST = (byte) (0x80 | 3);
    private static final byte SCHEME_HTTP = (byte) (0x80 | 6);
    private static final byte SCHEME_HTTPS = (byte) (0x80 | 7);

    private final HpackEncoder encoder;
    private byte[] text = new byte[128];

    RequestFields(HpackEncoder encoder) {
        this.encoder = encoder;
    }

    /** Bytes that {@link #encode} may need at most. */
    static int bound(RequestHead head) {
        return (1 + PSEUDO_HEADERS + head.headers().size()) * HpackEncoder.FIELD_OVERHEAD
                + head.byteSize()
                + PROTOCOL.length()
                + head.upgrade().length()
                + CONNECT.length();
    }

    /** Returns the position after what was written. */
    int encode(RequestHead head, byte[] out, int position) {
        int at = encoder.begin(out, position);
        String upgrade = head.upgrade();
        switch (upgrade.isEmpty() ? head.method() : CONNECT) {
            case "GET" -> out[at++] = METHOD_GET;
            case "POST" -> out[at++] = METHOD_POST;
            case CONNECT -> at = field(out, at, METHOD, CONNECT);
            default -> at = field(out, at, METHOD, head.method());
        }
        if (!upgrade.isEmpty()) { // RFC 8441
            at = field(out, at, PROTOCOL, upgrade);
        }
        if (!head.isConnect()) {
            out[at++] = head.scheme().equals("https") ? SCHEME_HTTPS : SCHEME_HTTP;
            at = field(out, at, PATH, head.path());
        }
        if (!head.authority().isEmpty()) {
            at = field(out, at, AUTHORITY, head.authority());
        }
        return head.headers().encode(this, out, at);
    }

    private int field(byte[] out, int at, String name, String value) {
        int length = name.length() + value.length();
        if (text.length < length) {
            text = new byte[length * 2];
        }
        Ascii.append(text, Ascii.append(text, 0, name), value);
        return encoder.field(out, at, text, name.hashCode(), 0, name.length(), name.length(), value.length());
    }

    @Override
    public int field(
            byte[] out,
            int at,
            byte[] from,
            int nameHash,
            int nameStart,
            int nameLength,
            int valueStart,
            int valueLength) {
        boolean ofConnection = switch (nameLength) {
            case 4 -> is("host", from, nameStart);
            case 7 -> is("upgrade", from, nameStart);
            case 10 -> is("connection", from, nameStart) || is("keep-alive", from, nameStart);
            case 16 -> is("proxy-connection", from, nameStart);
            case 17 -> is("transfer-encoding", from, nameStart);
            case 2 -> is("te", from, nameStart) && !(valueLength == 8 && is("trailers", from, valueStart));
            default -> false;
        };
        return ofConnection
                ? at
                : encoder.field(out, at, from, nameHash, nameStart, nameLength, valueStart, valueLength);
    }

    private static boolean is(String ascii, byte[] from, int start) {
        for (int i = 0; i < ascii.length(); i++) {
            if (from[start + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
