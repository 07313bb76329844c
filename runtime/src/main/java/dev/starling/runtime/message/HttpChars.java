package dev.starling.runtime.message;

/** Character classes of RFC 9110 and 9112 as tables. */
public final class HttpChars {

    private static final byte[] NAME = new byte[256];
    private static final boolean[] VALUE = new boolean[256];
    private static final boolean[] TARGET = new boolean[256];
    private static final boolean[] AUTHORITY = new boolean[256];

    static {
        String token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz";
        for (int i = 0; i < token.length(); i++) {
            NAME[token.charAt(i)] = (byte) token.charAt(i);
        }
        for (char c = 'A'; c <= 'Z'; c++) {
            NAME[c] = (byte) (c | 0x20);
        }
        for (int c = 0; c < 256; c++) {
            VALUE[c] = c == '\t' || (c >= 0x20 && c != 0x7f);
            TARGET[c] = c > 0x20 && c < 0x7f;
            AUTHORITY[c] = TARGET[c] && "/?#@\"<>\\^`{|}".indexOf(c) < 0;
        }
    }

    private HttpChars() {}

    /** The lower-case character if the byte may stand in a header name (a tchar), else 0. */
    public static byte inName(int b) {
        return NAME[b & 0xff];
    }

    /** Whether the byte may stand in a header value. Tab and obs-text may; control characters may not. */
    public static boolean isInValue(int b) {
        return VALUE[b & 0xff];
    }

    /** Whether the byte may stand in a request target: visible ASCII. */
    public static boolean isInTarget(int b) {
        return TARGET[b & 0xff];
    }

    /** Whether the byte may stand in a host with or without a port (RFC 3986 3.2.2, 3.2.3), in brackets too. */
    public static boolean isInAuthority(int b) {
        return AUTHORITY[b & 0xff];
    }
}
