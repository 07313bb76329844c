package dev.starling.runtime.listener.filter.httpinspector;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Tells by first bytes which HTTP they begin, if any, in what Envoy's parser takes for a request line. */
public final class FirstLine {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final String HOST_MARKS = "!$%&'()*+,-.:;=@[]_~";

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
        return isToken((char) (b & 0xff));
    }

    private static boolean isToken(char c) {
        return isDigit(c) || isLetter(c) || TOKEN_MARKS.indexOf(c) >= 0;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** From the first byte on; negative if it is not there. */
    private static int endOfLine(ByteBuf bytes, int seen) {
        int at = bytes.forEachByte(
                bytes.readerIndex() + seen, bytes.readableBytes() - seen, value -> value != '\n' && value != '\r');
        return at < 0 ? -1 : at - bytes.readerIndex();
    }

    private static boolean isVersion(String text) {
        return text.length() == 8
                && text.startsWith("HTTP/")
                && isDigit(text.charAt(5))
                && text.charAt(6) == '.'
                && isDigit(text.charAt(7));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Method, target and, unless it is HTTP/0.9, the version, as Envoy's parser takes them. */
    private static Kind line(String line) {
        String[] parts = line.stripTrailing().split(" +", -1);
        if (parts.length < 2 || parts.length > 3 || !isMethod(parts[0])) {
            return Kind.OTHER;
        }
        if (!isTarget(parts[1], parts[0].equals("CONNECT")) || (parts.length == 3 && !isVersion(parts[2]))) {
            return Kind.OTHER;
        }
        return parts.length == 3 && parts[2].equals("HTTP/1.1") ? Kind.HTTP_1_1 : Kind.HTTP_1_0;
    }

    private static boolean isMethod(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> isToken((char) c));
    }

    private static boolean isTarget(String target, boolean connect) {
        if (target.startsWith("/") || target.startsWith("*")) {
            return isPath(target);
        }
        int host = 0;
        if (!connect) {
            int scheme = target.indexOf("://");
            if (scheme <= 0 || !target.substring(0, scheme).chars().allMatch(c -> isLetter((char) c))) {
                return false;
            }
            host = scheme + 3;
        }
        int path = host;
        while (path < target.length() && target.charAt(path) != '/' && target.charAt(path) != '?') {
            path++;
        }
        return !target.isEmpty()
                && target.substring(host, path)
                        .chars()
                        .allMatch(c -> isDigit((char) c) || isLetter((char) c) || HOST_MARKS.indexOf(c) >= 0)
                && isPath(target.substring(path));
    }

    private static boolean isPath(String text) {
        return text.chars().allMatch(c -> c == '\t' || c == '\f' || (c > ' ' && c < 0x7f));
    }
}
