package dev.starling.runtime.listener.filter.httpinspector;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Tells by first bytes which HTTP they begin, if any, in what Envoy's parser takes for a request line. */
public final class FirstLine {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Those of Envoy's parser. */
    private static final Set<String> METHODS = Set.of(
            "ACL",
            "BIND",
            "CHECKOUT",
            "CONNECT",
            "COPY",
            "DELETE",
            "GET",
            "HEAD",
            "LINK",
            "LOCK",
            "MERGE",
            "MKACTIVITY",
            "MKCALENDAR",
            "MKCOL",
            "MOVE",
            "MSEARCH",
            "NOTIFY",
            "OPTIONS",
            "PATCH",
            "POST",
            "PROPFIND",
            "PROPPATCH",
            "PURGE",
            "PUT",
            "REBIND",
            "REPORT",
            "SEARCH",
            "SOURCE",
            "SUBSCRIBE",
            "TRACE",
            "UNBIND",
            "UNLINK",
            "UNLOCK",
            "UNSUBSCRIBE");

    private FirstLine() {}

    /** What the bytes are, as far as they tell. */
    public enum Kind {
        /** More bytes will tell. */
        UNDECIDED,
        HTTP_1_0,
        HTTP_1_1,
        HTTP_2,
        OTHER
    }

    /**
     * Looks at the bytes; does not move the buffer's indices.
     *
     * @param seen how many of them were looked at before and did not tell
     */
    public static Kind of(ByteBuf bytes, int seen) {
        int length = bytes.readableBytes();
        if (startsLikePreface(bytes, Math.min(length, PREFACE.length))) {
            return length < PREFACE.length ? Kind.UNDECIDED : Kind.HTTP_2;
        }
        if (length > 0 && !startsMethod(bytes.getByte(bytes.readerIndex()))) {
            return Kind.OTHER;
        }
        int end = endOfLine(bytes, seen);
        return end < 0 ? Kind.UNDECIDED : line(bytes.toString(bytes.readerIndex(), end, StandardCharsets.ISO_8859_1));
    }

    private static boolean startsLikePreface(ByteBuf bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != PREFACE[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean startsMethod(byte b) {
        return "ABCDGHLMNOPRSTU".indexOf(b) >= 0;
    }

    /** From the first byte on; negative if it is not there. */
    private static int endOfLine(ByteBuf bytes, int seen) {
        int at = bytes.forEachByte(
                bytes.readerIndex() + seen, bytes.readableBytes() - seen, value -> value != '\n' && value != '\r');
        return at < 0 ? -1 : at - bytes.readerIndex();
    }

    private static Kind line(String line) {
        int method = line.indexOf(' ');
        int version = line.lastIndexOf(' ');
        if (method < 0 || !METHODS.contains(line.substring(0, method)) || version == method) {
            return Kind.OTHER;
        }
        String protocol = line.substring(version + 1);
        if (!protocol.matches("HTTP/[0-9]\\.[0-9]")) {
            return Kind.OTHER;
        }
        return protocol.equals("HTTP/1.1") ? Kind.HTTP_1_1 : Kind.HTTP_1_0;
    }
}
