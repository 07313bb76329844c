package dev.starling.runtime.message;

import dev.starling.runtime.accesslog.HeaderView;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, of any HTTP version: what HTTP/2 has as pseudo-headers is apart, {@code host} is the authority.
 * Filters may change it before it is forwarded.
 */
public final class RequestHead implements StreamEvent, HeaderView {

    private final Headers headers;
    private final Protocol protocol;
    private final boolean endStream;
    private final String upgrade;
    private long contentLength;
    private String method;
    private String path;
    private String authority;
    private String scheme;

    /**
     * @param method a token, as received
     * @param path the path and query; empty for CONNECT; {@code *} for OPTIONS
     * @param authority empty if there was none
     * @param upgrade lower-case protocol the client asks for; empty for none
     * @param contentLength -1 if not told
     * @param endStream no body follows
     */
    public RequestHead(
            String method,
            String path,
            String authority,
            String scheme,
            Protocol protocol,
            Headers headers,
            String upgrade,
            long contentLength,
            boolean endStream) {
        this.method = method;
        this.path = path;
        this.authority = authority;
        this.scheme = scheme;
        this.protocol = protocol;
        this.headers = headers;
        this.upgrade = upgrade;
        this.contentLength = contentLength;
        this.endStream = endStream;
    }

    public Headers headers() {
        return headers;
    }

    public Protocol protocol() {
        return protocol;
    }

    /** Bytes of all names and values, pseudo-headers included. */
    public int byteSize() {
        int pseudo = ":method".length() + method.length() + ":scheme".length() + scheme.length();
        if (!path.isEmpty()) {
            pseudo += ":path".length() + path.length();
        }
        if (!authority.isEmpty()) {
            pseudo += ":authority".length() + authority.length();
        }
        return headers.byteSize() + pseudo;
    }

    public boolean endStream() {
        return endStream;
    }

    public long contentLength() {
        return contentLength;
    }

    /** The body will have another length than was told; -1: nobody knows which. */
    public void contentLength(long newLength) {
        contentLength = newLength;
        if (newLength < 0) {
            headers.remove(HeaderName.CONTENT_LENGTH);
        } else {
            headers.set(HeaderName.CONTENT_LENGTH, newLength);
        }
    }

    public String upgrade() {
        return upgrade;
    }

    /** Asks for its stream to become raw bytes: an upgrade or a CONNECT, so no body follows but what a tunnel carries. */
    public boolean asksForTunnel() {
        return !upgrade.isEmpty() || isConnect();
    }

    public String method() {
        return method;
    }

    public void method(String newMethod) {
        method = newMethod;
    }

    public String path() {
        return path;
    }

    public void path(String newPath) {
        path = newPath;
    }

    public String authority() {
        return authority;
    }

    public void authority(String newAuthority) {
        authority = newAuthority;
    }

    public String scheme() {
        return scheme;
    }

    public void scheme(String newScheme) {
        scheme = newScheme;
    }

    public boolean isHead() {
        return method.equals("HEAD");
    }

    public boolean isConnect() {
        return method.equals("CONNECT");
    }

    /** A header or pseudo-header by lower-case name, as matchers and formats ask for it. */
    @Override
    public @Nullable String get(String name) {
        if (!name.isEmpty() && name.charAt(0) == ':') {
            return switch (name) {
                case ":method" -> told(method);
                case ":path" -> told(path);
                case ":authority" -> told(authority);
                case ":scheme" -> told(scheme);
                default -> null;
            };
        }
        return name.equals("host") ? told(authority) : headers.get(name);
    }

    @Override
    public @Nullable String joined(String name) {
        return name.startsWith(":") || name.equals("host") ? get(name) : headers.joined(name);
    }

    private static @Nullable String told(String text) {
        return text.isEmpty() ? null : text;
    }

    /** A copy whose headers can be changed without touching this. */
    public RequestHead copy() {
        return new RequestHead(
                method, path, authority, scheme, protocol, headers.copy(), upgrade, contentLength, endStream);
    }
}
