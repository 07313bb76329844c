package dev.starling.runtime.codec.http2;

import dev.starling.runtime.codec.hpack.HeaderBlock;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.HttpChars;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StringCache;

/**
 * Makes messages of decoded fields, refusing what RFC 9113 8 refuses: pseudo-headers missing, unknown, twice or behind
 * others, upper case, characters that HTTP/1.1 would read as something else, headers that belong to a connection.
 */
public final class MessageFields {

    private static final int METHOD = ":method".hashCode();
    private static final int PATH = ":path".hashCode();
    private static final int SCHEME = ":scheme".hashCode();
    private static final int AUTHORITY = ":authority".hashCode();
    private static final int PROTOCOL = ":protocol".hashCode();

    private static final HeaderName COOKIE = HeaderName.of("cookie");

    /** Room for what the proxy adds to a request. */
    private static final int SLACK = 160;

    private final boolean allowConnect;
    private final StringCache authorities = new StringCache();
    private final StringCache paths = new StringCache();
    private final StringCache methods = new StringCache();
    private final StringCache schemes = new StringCache();

    private long contentLength;
    private int cookies;

    public MessageFields() {
        this(false);
    }

    /** @param allowConnect whether requests may be an extended CONNECT */
    public MessageFields(boolean allowConnect) {
        this.allowConnect = allowConnect;
    }

    /** The head of a request of HTTP/2. */
    public RequestHead request(HeaderBlock block, boolean endStream) throws MalformedMessage {
        return request(block, Protocol.HTTP_2, endStream);
    }

    /** @param version HTTP/3 has the same fields with the same rules (RFC 9114 4.3) */
    public RequestHead request(HeaderBlock block, Protocol version, boolean endStream) throws MalformedMessage {
        String method = "";
        String path = "";
        String scheme = "";
        String authority = "";
        String protocol = "";
        boolean authorityTold = false;
        int i = 0;
        for (; i < block.count() && isPseudo(block, i); i++) {
            checkValue(block, i);
            if (block.valueLength(i) == 0) {
                throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
            }
            int hash = block.nameHash(i);
            if (hash == METHOD && named(block, i, ":method") && method.isEmpty()) {
                method = value(block, i, methods);
            } else if (hash == PATH && named(block, i, ":path") && path.isEmpty()) {
                path = value(block, i, paths);
            } else if (hash == SCHEME && named(block, i, ":scheme") && scheme.isEmpty()) {
                scheme = value(block, i, schemes);
            } else if (hash == AUTHORITY && named(block, i, ":authority") && !authorityTold) {
                authorityTold = true;
                authority = value(block, i, authorities);
            } else if (allowConnect && hash == PROTOCOL && named(block, i, ":protocol") && protocol.isEmpty()) {
                protocol = value(block, i, schemes);
            } else {
                throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
            }
        }
        Headers headers = fields(block, i);
        boolean connect = method.equals("CONNECT") && protocol.isEmpty();
        if (!protocol.isEmpty() && !method.equals("CONNECT")) {
            throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
        }
        if (method.isEmpty() || path.isEmpty() != connect || scheme.isEmpty() != connect) {
            throw new MalformedMessage(MalformedMessage.VIOLATION);
        }
        checkToken(method);
        checkScheme(scheme);
        checkPath(path, method);
        authority = authority(authority, authorityTold, headers);
        if (authority.isEmpty()) {
            throw new MalformedMessage(MalformedMessage.VIOLATION);
        }
        if (!protocol.isEmpty()) {
            checkToken(protocol);
            return ExtendedConnect.upgrade(protocol, path, authority, scheme, headers, endStream);
        }
        if (contentLength > 0 && endStream) {
            throw new MalformedMessage(MalformedMessage.VIOLATION);
        }
        return new RequestHead(
                method, path, authority, scheme, version, headers, "", endStream ? 0 : contentLength, endStream);
    }

    /**
     * The head of a response.
     *
     * @param headRequest whether it answers a HEAD, so that a length is that of no body
     */
    ResponseHead response(HeaderBlock block, boolean headRequest, boolean endStream) throws MalformedMessage {
        int status = 0;
        int i = 0;
        for (; i < block.count() && isPseudo(block, i); i++) {
            if (status != 0 || !named(block, i, ":status")) {
                throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
            }
            status = status(block, i);
        }
        Headers headers = fields(block, i);
        boolean informational = status < 200;
        if (status == 101 || status < 100 || (informational && endStream)) {
            throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
        }
        if (status == 204 || informational) {
            if (contentLength > 0) {
                throw new MalformedMessage(MalformedMessage.VIOLATION);
            }
            headers.remove(HeaderName.CONTENT_LENGTH);
        } else if (contentLength > 0 && endStream && !headRequest && status != 304) {
            throw new MalformedMessage(MalformedMessage.VIOLATION);
        }
        return new ResponseHead(status, Protocol.HTTP_2, headers, contentLength, endStream);
    }

    /** Three digits. */
    private static int status(HeaderBlock block, int i) throws MalformedMessage {
        int status = 0;
        for (int at = block.valueStart(i); at < block.valueStart(i) + block.valueLength(i); at++) {
            int digit = block.bytes()[at] - '0';
            if (digit < 0 || digit > 9 || block.valueLength(i) != 3) {
                throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
            }
            status = status * 10 + digit;
        }
        return status;
    }

    /** Trailers, which have no pseudo-headers. */
    public Headers trailers(HeaderBlock block) throws MalformedMessage {
        return fields(block, 0);
    }

    private Headers fields(HeaderBlock block, int from) throws MalformedMessage {
        contentLength = -1;
        cookies = 0;
        for (int i = from; i < block.count(); i++) {
            checkName(block, i);
            checkValue(block, i);
            note(block, i);
        }
        Headers headers = block.headers(from, SLACK);
        if (cookies > 1) {
            joinCookies(headers);
        }
        return headers;
    }

    private static boolean isPseudo(HeaderBlock block, int i) {
        return block.nameLength(i) > 0 && block.bytes()[block.nameStart(i)] == ':';
    }

    private static void checkName(HeaderBlock block, int i) throws MalformedMessage {
        byte[] bytes = block.bytes();
        int start = block.nameStart(i);
        int end = start + block.nameLength(i);
        boolean valid = start < end;
        for (int at = start; at < end; at++) {
            valid &= HttpChars.inName(bytes[at]) == bytes[at] && bytes[at] != 0;
        }
        if (!valid) {
            throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
        }
    }

    private static void checkValue(HeaderBlock block, int i) throws MalformedMessage {
        byte[] bytes = block.bytes();
        int start = block.valueStart(i);
        int end = start + block.valueLength(i);
        boolean valid = start == end || (!blank(bytes[start]) && !blank(bytes[end - 1]));
        for (int at = start; at < end; at++) {
            valid &= HttpChars.isInValue(bytes[at]);
        }
        if (!valid) {
            throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
        }
    }

    private static boolean blank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Looks at the few headers that say something of the message itself. */
    private void note(HeaderBlock block, int i) throws MalformedMessage {
        switch (block.nameLength(i)) {
            case 2 -> {
                if (named(block, i, "te") && !saysTrailers(block, i)) {
                    throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
                }
            }
            case 6 -> {
                if (named(block, i, "cookie")) {
                    cookies++;
                }
            }
            case 7, 10, 16, 17 -> {
                if (named(block, i, "upgrade")
                        || named(block, i, "connection")
                        || named(block, i, "keep-alive")
                        || named(block, i, "proxy-connection")
                        || named(block, i, "transfer-encoding")) {
                    throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
                }
            }
            case 14 -> {
                if (named(block, i, "content-length")) {
                    length(block, i);
                }
            }
            default -> {}
        }
    }

    private void length(HeaderBlock block, int i) throws MalformedMessage {
        int digits = block.valueLength(i);
        boolean valid = digits > 0 && digits <= 18 && contentLength < 0;
        long value = 0;
        for (int at = block.valueStart(i); valid && at < block.valueStart(i) + digits; at++) {
            int digit = block.bytes()[at] - '0';
            valid = digit >= 0 && digit <= 9;
            value = value * 10 + digit;
        }
        if (!valid) {
            throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
        }
        contentLength = value;
    }

    private static boolean named(HeaderBlock block, int i, String name) {
        return equal(block.bytes(), block.nameStart(i), block.nameLength(i), name);
    }

    /** In any case (RFC 9110 10.1.4). */
    private static boolean saysTrailers(HeaderBlock block, int i) {
        String trailers = "trailers";
        boolean same = block.valueLength(i) == trailers.length();
        for (int k = 0; same && k < trailers.length(); k++) {
            same = (block.bytes()[block.valueStart(i) + k] | 0x20) == trailers.charAt(k);
        }
        return same;
    }

    private static boolean equal(byte[] bytes, int start, int length, String ascii) {
        if (length != ascii.length()) {
            return false;
        }
        for (int k = 0; k < length; k++) {
            if (bytes[start + k] != ascii.charAt(k)) {
                return false;
            }
        }
        return true;
    }

    private static String value(HeaderBlock block, int i, StringCache cache) {
        return cache.string(block.bytes(), block.valueStart(i), block.valueLength(i));
    }

    private static void checkToken(String method) throws MalformedMessage {
        for (int i = 0; i < method.length(); i++) {
            if (HttpChars.inName(method.charAt(i)) == 0) {
                throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
            }
        }
    }

    /** RFC 3986 3.1. */
    private static void checkScheme(String scheme) throws MalformedMessage {
        for (int i = 0; i < scheme.length(); i++) {
            char c = scheme.charAt(i);
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
            if (!letter && (i == 0 || !other)) {
                throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
            }
        }
    }

    private static void checkPath(String path, String method) throws MalformedMessage {
        for (int i = 0; i < path.length(); i++) {
            if (!HttpChars.isInTarget(path.charAt(i))) {
                throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
            }
        }
        if (!path.isEmpty() && path.charAt(0) != '/' && !(path.equals("*") && method.equals("OPTIONS"))) {
            throw new MalformedMessage(MalformedMessage.VIOLATION);
        }
    }

    /** The authority, or what a host header says in its stead; the header itself goes (RFC 9113 8.3.1). */
    private static String authority(String told, boolean authorityTold, Headers headers) throws MalformedMessage {
        String authority = told;
        checkAuthority(told);
        int host = headers.find(HeaderName.HOST, 0);
        if (host >= 0) {
            String named = headers.value(host);
            checkAuthority(named);
            if (named.isEmpty() || headers.find(HeaderName.HOST, host + 1) >= 0) {
                throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
            }
            if (!authorityTold) {
                authority = named;
            }
            headers.removeAt(host);
        }
        return authority;
    }

    /** A host and a port, without user information (RFC 9113 8.3.1). */
    private static void checkAuthority(String authority) throws MalformedMessage {
        for (int i = 0; i < authority.length(); i++) {
            if (!HttpChars.isInAuthority(authority.charAt(i))) {
                throw new MalformedMessage(MalformedMessage.INVALID_FIELD);
            }
        }
    }

    /** A cookie may come in pieces, and goes on as one (RFC 9113 8.2.3). */
    private static void joinCookies(Headers headers) {
        StringBuilder joined = new StringBuilder();
        for (int i = headers.find(COOKIE, 0); i >= 0; i = headers.find(COOKIE, i)) {
            joined.append(joined.isEmpty() ? "" : "; ").append(headers.value(i));
            headers.removeAt(i);
        }
        headers.add(COOKIE, joined.toString());
    }
}
