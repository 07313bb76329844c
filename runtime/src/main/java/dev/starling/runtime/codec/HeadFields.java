package dev.starling.runtime.codec;

import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.HttpChars;

/**
 * Reads header lines from the bytes of a head into {@link Headers} that share them: names are lowered in place, values
 * trimmed. Strict by RFC 9112 5: a line ends in CRLF, a name is a token directly followed by a colon, values hold no
 * control characters, lines are not folded. On the way it notes what frames the message.
 */
final class HeadFields {

    private static final int CONTENT_LENGTH = "content-length".hashCode();
    private static final int TRANSFER_ENCODING = "transfer-encoding".hashCode();
    private static final int CONNECTION = "connection".hashCode();
    private static final int PROXY_CONNECTION = "proxy-connection".hashCode();
    private static final int HOST = "host".hashCode();
    private static final int UPGRADE = "upgrade".hashCode();
    private static final int EXPECT = "expect".hashCode();

    /** -1 if there was none. */
    long contentLength = -1;

    int contentLengths;
    int transferEncodings;
    boolean chunked;
    boolean connectionClose;
    boolean connectionKeepAlive;
    boolean connectionUpgrade;
    boolean connectionHeader;
    int hosts;
    boolean upgrade;
    boolean expect;

    /** Forgets the last head. */
    void reset() {
        contentLength = -1;
        contentLengths = 0;
        transferEncodings = 0;
        hosts = 0;
        chunked = false;
        connectionClose = false;
        connectionKeepAlive = false;
        connectionUpgrade = false;
        connectionHeader = false;
        upgrade = false;
        expect = false;
    }

    /**
     * @param from position of the first header line
     * @param to position after the CRLF of the last header line
     * @param maxCount more headers are answered 431
     */
    void read(byte[] head, int from, int to, Headers headers, int maxCount) throws Http1Exception {
        int at = from;
        while (at < to) {
            int nameStart = at;
            int hash = 0;
            byte b = head[at];
            while (b != ':') {
                byte lower = HttpChars.inName(b);
                if (lower == 0) {
                    throw invalidName(b);
                }
                head[at] = lower;
                hash = hash * 31 + lower;
                b = head[++at];
            }
            int nameLength = at - nameStart;
            if (nameLength == 0) {
                throw Http1Exception.codecError();
            }
            at++;
            while (head[at] == ' ' || head[at] == '\t') {
                at++;
            }
            int valueStart = at;
            while (HttpChars.isInValue(head[at])) {
                at++;
            }
            if (head[at] != '\r') {
                throw new Http1Exception(400, head[at] == '\n' ? "http1.codec_error" : "http1.invalid_characters");
            }
            if (head[at + 1] != '\n') {
                throw Http1Exception.codecError();
            }
            int valueEnd = at;
            while (valueEnd > valueStart && (head[valueEnd - 1] == ' ' || head[valueEnd - 1] == '\t')) {
                valueEnd--;
            }
            if (headers.size() == maxCount) {
                throw new Http1Exception(431, "http1.too_many_headers");
            }
            headers.entry(hash, nameStart, nameLength, valueStart, valueEnd - valueStart);
            note(hash, nameLength, head, nameStart, valueStart, valueEnd);
            at += 2;
        }
    }

    private static Http1Exception invalidName(byte b) {
        boolean control = (b >= 0 && b < 0x20 && b != '\t' && b != '\r' && b != '\n') || b == 0x7f;
        return new Http1Exception(400, control ? "http1.invalid_characters" : "http1.codec_error");
    }

    private void note(int hash, int nameLength, byte[] head, int nameStart, int valueStart, int valueEnd)
            throws Http1Exception {
        if (hash == CONTENT_LENGTH && nameLength == 14 && is(head, nameStart, "content-length")) {
            contentLengths++;
            contentLength = decimal(head, valueStart, valueEnd);
        } else if (hash == TRANSFER_ENCODING && nameLength == 17 && is(head, nameStart, "transfer-encoding")) {
            transferEncodings++;
            chunked = valueEnd - valueStart == 7 && isIgnoringCase(head, valueStart, "chunked");
        } else if (hash == CONNECTION && nameLength == 10 && is(head, nameStart, "connection")) {
            connectionHeader = true;
            connectionTokens(head, valueStart, valueEnd);
        } else if (hash == PROXY_CONNECTION && nameLength == 16 && is(head, nameStart, "proxy-connection")) {
            // no standard, but said by old clients, and obeyed by Envoy
            connectionClose |= valueEnd - valueStart == 5 && isIgnoringCase(head, valueStart, "close");
        } else if (hash == HOST && nameLength == 4 && is(head, nameStart, "host")) {
            hosts++;
        } else if (hash == UPGRADE && nameLength == 7 && is(head, nameStart, "upgrade")) {
            upgrade = true;
        } else if (hash == EXPECT && nameLength == 6 && is(head, nameStart, "expect")) {
            expect = true;
        }
    }

    private void connectionTokens(byte[] head, int from, int to) {
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && head[end] != ',') {
                end++;
            }
            int first = at;
            int last = end;
            while (first < last && (head[first] == ' ' || head[first] == '\t')) {
                first++;
            }
            while (last > first && (head[last - 1] == ' ' || head[last - 1] == '\t')) {
                last--;
            }
            int length = last - first;
            connectionClose |= length == 5 && isIgnoringCase(head, first, "close");
            connectionKeepAlive |= length == 10 && isIgnoringCase(head, first, "keep-alive");
            connectionUpgrade |= length == 7 && isIgnoringCase(head, first, "upgrade");
            at = end + 1;
        }
    }

    private static long decimal(byte[] head, int from, int to) throws Http1Exception {
        if (from == to || to - from > 18) {
            throw Http1Exception.codecError();
        }
        long value = 0;
        for (int at = from; at < to; at++) {
            int digit = head[at] - '0';
            if (digit < 0 || digit > 9) {
                throw Http1Exception.codecError();
            }
            value = value * 10 + digit;
        }
        return value;
    }

    static boolean is(byte[] bytes, int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (bytes[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIgnoringCase(byte[] bytes, int at, String lower) {
        for (int i = 0; i < lower.length(); i++) {
            if ((bytes[at + i] | 0x20) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
