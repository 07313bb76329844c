package dev.starling.runtime.codec;

import dev.starling.config.http.Http1Options;
import dev.starling.runtime.message.Ascii;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.HttpChars;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.StringCache;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads requests, refusing what RFC 9112 or Envoy refuses (shared meaning of both: reply, detail, then close). Stricter
 * than Envoy in that folded lines, bare line feeds and repeated Host headers are refused too.
 */
public abstract class RequestDecoder extends Http1Decoder {

    /** Envoy's known methods, each by itself so that a request reuses the string. */
    private static final Map<String, String> METHODS = Stream.of(
                    "GET",
                    "HEAD",
                    "POST",
                    "PUT",
                    "DELETE",
                    "CONNECT",
                    "OPTIONS",
                    "TRACE",
                    "PATCH",
                    "ACL",
                    "BIND",
                    "CHECKOUT",
                    "COPY",
                    "LINK",
                    "LOCK",
                    "MERGE",
                    "MKACTIVITY",
                    "MKCALENDAR",
                    "MKCOL",
                    "MOVE",
                    "MSEARCH",
                    "NOTIFY",
                    "PROPFIND",
                    "PROPPATCH",
                    "PURGE",
                    "REBIND",
                    "REPORT",
                    "SEARCH",
                    "SOURCE",
                    "SUBSCRIBE",
                    "UNBIND",
                    "UNLINK",
                    "UNLOCK",
                    "UNSUBSCRIBE")
            .collect(Collectors.toUnmodifiableMap(name -> name, name -> name));

    /** Headers to make room for at first, those that the proxy adds included. */
    private static final int EXPECTED_HEADERS = 8;

    /** For {@code x-forwarded-proto}, {@code x-request-id} and {@code x-envoy-expected-rq-timeout-ms}. */
    private static final int HEAD_SLACK = 144;

    private final HeadFields fields = new HeadFields();
    private final Http1Options options;
    private final String scheme;
    private final StringCache authorities = new StringCache();
    private final StringCache targets = new StringCache();

    protected RequestDecoder(int maxHeadBytes, int maxFields, Http1Options options, boolean secure) {
        super(maxHeadBytes, maxFields, HEAD_SLACK);
        this.options = options;
        this.scheme = secure ? "https" : "http";
    }

    /**
     * A request, checked and framed.
     *
     * @param keepAlive what the client asks of the connection
     * @param expectContinue it waits for a 100
     */
    public abstract void onRequest(RequestHead head, boolean keepAlive, boolean expectContinue);

    @Override
    final void onHead(byte[] bytes, int length) throws Http1Exception {
        int at = 0;
        while (HttpChars.inName(bytes[at]) != 0) {
            at++;
        }
        if (at == 0 || bytes[at] != ' ') {
            throw Http1Exception.codecError();
        }
        String method = method(bytes, at);
        int targetStart = ++at;
        while (HttpChars.isInTarget(bytes[at])) {
            at++;
        }
        int targetEnd = at;
        if (targetStart == targetEnd || bytes[at] != ' ') {
            throw Http1Exception.codecError();
        }
        Protocol protocol = protocol(bytes, ++at);
        if (bytes[at + 8] != '\r' || bytes[at + 9] != '\n') {
            throw Http1Exception.codecError();
        }
        Headers headers = new Headers(bytes, length, EXPECTED_HEADERS);
        fields.reset();
        fields.read(bytes, at + 10, length - 2, headers, maxFields);
        if (protocol == Protocol.HTTP_1_0 && !options.acceptHttp10()) {
            throw new Http1Exception(426, "low_version");
        }
        boolean connect = method.equals("CONNECT");
        String upgrade = upgrade(fields, headers, protocol, connect);
        boolean raw = connect || !upgrade.isEmpty();
        long contentLength = frame(fields, headers, protocol, connect);
        if (raw) {
            raw(); // whatever its length says: it is the other protocol's
        }
        String authority = authority(fields, headers, protocol);
        String path = targets.string(bytes, targetStart, targetEnd - targetStart);
        if (connect) {
            checkConnectTarget(path);
            authority = path;
            path = "";
        } else if (path.charAt(0) != '/' && !(path.equals("*") && method.equals("OPTIONS")) && isAbsolute(path)) {
            int authorityAt = absolute(path);
            int slash = path.indexOf('/', authorityAt);
            int query = path.indexOf('?', authorityAt);
            int end = slash < 0 || (query >= 0 && query < slash) ? query : slash;
            authority = path.substring(authorityAt, end < 0 ? path.length() : end);
            path = end < 0 ? "/" : slash == end ? path.substring(end) : "/" + path.substring(end);
            checkAuthority(authority);
            if (authority.isEmpty()) {
                throw new Http1Exception(400, "http1.invalid_url");
            }
        }
        boolean end = contentLength == 0 && !fields.chunked && !raw;
        boolean keepAlive = protocol == Protocol.HTTP_1_1
                ? !fields.connectionClose
                : fields.connectionKeepAlive && !fields.connectionClose;
        boolean expectContinue = fields.expect && expectContinue(headers, protocol);
        stripConnection(fields, headers, !upgrade.isEmpty());
        RequestHead head = new RequestHead(
                method,
                path,
                authority,
                scheme,
                protocol,
                headers,
                upgrade,
                fields.chunked || raw ? -1 : contentLength,
                end);
        onRequest(head, keepAlive, expectContinue);
    }

    private static String method(byte[] bytes, int length) throws Http1Exception {
        if (length == 3 && bytes[0] == 'G' && bytes[1] == 'E' && bytes[2] == 'T') {
            return "GET";
        }
        String method = METHODS.get(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
        if (method == null) {
            throw Http1Exception.codecError();
        }
        return method;
    }

    private static Protocol protocol(byte[] bytes, int at) throws Http1Exception {
        if (!HeadFields.is(bytes, at, "HTTP/")) {
            throw Http1Exception.codecError();
        }
        int major = bytes[at + 5] - '0';
        int minor = bytes[at + 7] - '0';
        if (major < 0 || major > 9 || minor < 0 || minor > 9 || bytes[at + 6] != '.') {
            throw Http1Exception.codecError();
        }
        if (major != 1 || minor > 1) {
            throw new Http1Exception(major == 1 || major == 0 ? 426 : 400, "low_version");
        }
        return minor == 1 ? Protocol.HTTP_1_1 : Protocol.HTTP_1_0;
    }

    /** Decides on the body; returns its length, 0 if there is none, anything if it is chunked. */
    private long frame(HeadFields fields, Headers headers, Protocol protocol, boolean connect) throws Http1Exception {
        if (fields.contentLengths > 1) {
            throw Http1Exception.codecError();
        }
        if (fields.transferEncodings > 0) {
            if (fields.transferEncodings > 1 || !fields.chunked || connect) {
                throw new Http1Exception(501, "http1.invalid_transfer_encoding");
            }
            if (protocol == Protocol.HTTP_1_0) {
                throw new Http1Exception(400, "http1.codec_error");
            }
            if (fields.contentLengths > 0) {
                if (!options.allowChunkedLength()) {
                    throw new Http1Exception(400, "http1.content_length_and_chunked_not_allowed");
                }
                headers.remove(HeaderName.CONTENT_LENGTH);
            }
            headers.remove(HeaderName.TRANSFER_ENCODING);
            bodyChunked();
            return 0;
        }
        if (connect && fields.contentLength > 0) {
            throw new Http1Exception(400, "http1.body_disallowed");
        }
        long length = Math.max(0, fields.contentLength);
        bodyLength(length);
        return length;
    }

    private String authority(HeadFields fields, Headers headers, Protocol protocol) throws Http1Exception {
        if (fields.hosts > 1) {
            throw new Http1Exception(400, "http1.codec_error");
        }
        if (fields.hosts == 0) {
            if (protocol == Protocol.HTTP_1_0) {
                return options.defaultHostForHttp10();
            }
            return "";
        }
        int host = headers.find(HeaderName.HOST, 0);
        String authority = authorities.value(headers, host);
        if (authorities.changed()) {
            checkAuthority(authority);
        }
        headers.removeAt(host);
        return authority;
    }

    /** host, [ipv6] or either with a port: RFC 3986 3.2 without user information. */
    private static void checkAuthority(String authority) throws Http1Exception {
        boolean bracket = false;
        boolean port = false;
        int portNumber = 0;
        for (int i = 0; i < authority.length(); i++) {
            char c = authority.charAt(i);
            boolean ok;
            if (port) {
                portNumber = portNumber * 10 + (c - '0');
                ok = c >= '0' && c <= '9' && portNumber <= 65535;
            } else if (c == '[') {
                ok = i == 0;
                bracket = true;
            } else if (bracket) {
                ok = c == ':' || c == '.' || c == '%' || isAlphanumeric(c) || c == ']' || c == '-' || c == '_';
                bracket = c != ']';
            } else if (c == ':') {
                port = true;
                ok = true;
            } else {
                ok = isAlphanumeric(c) || "-._~!$&'()*+,;=%".indexOf(c) >= 0;
            }
            if (!ok) {
                throw new Http1Exception(400, "http.invalid_authority");
            }
        }
        if (bracket) {
            throw new Http1Exception(400, "http.invalid_authority");
        }
    }

    /** A host and a port, both told (RFC 9112 3.2.3). */
    private static void checkConnectTarget(String target) throws Http1Exception {
        int colon = target.lastIndexOf(':');
        if (colon <= 0 || colon == target.length() - 1 || target.endsWith("]")) {
            throw new Http1Exception(400, "http1.invalid_url");
        }
        try {
            checkAuthority(target);
        } catch (Http1Exception noAuthority) {
            throw new Http1Exception(400, "http1.invalid_url");
        }
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Where absolute forms are not allowed they are left as they are: no path begins so. */
    private boolean isAbsolute(String target) throws Http1Exception {
        if (target.indexOf("://") <= 0 && !target.equals("*")) {
            throw Http1Exception.codecError();
        }
        return options.allowAbsoluteUrl();
    }

    /** The position of the authority in an absolute-form target. */
    private int absolute(String target) throws Http1Exception {
        int colon = target.indexOf("://");
        if (colon < 0) {
            throw new Http1Exception(400, "http1.invalid_url");
        }
        String asked = target.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!asked.equals("http") && !asked.equals("https")) {
            throw new Http1Exception(400, "http1.invalid_scheme");
        }
        if (asked.equals("https") && scheme.equals("http")) {
            throw new Http1Exception(403, "http1.https_url_on_plaintext_connection");
        }
        return colon + 3;
    }

    /**
     * What the client wants to speak instead; empty if nothing, or nothing that may be heard: HTTP/1.0 knows no upgrades (RFC
     * 9110 7.8), h2c was taken back (RFC 9113 3.1), and others the configuration ignores.
     */
    private String upgrade(HeadFields fields, Headers headers, Protocol protocol, boolean connect) {
        if (!fields.upgrade || !fields.connectionUpgrade || connect || protocol == Protocol.HTTP_1_0) {
            return "";
        }
        int line = headers.find(HeaderName.UPGRADE, 0);
        String asked = headers.value(line);
        if (headers.find(HeaderName.UPGRADE, line + 1) >= 0) {
            return asked.toLowerCase(Locale.ROOT) + ",..."; // several at once, which nobody grants
        }
        if (asked.equalsIgnoreCase("h2c")) {
            return "";
        }
        if (!options.ignoredUpgrades().isEmpty()) {
            String heard = withoutIgnored(asked);
            if (!heard.isEmpty() && !heard.equals(asked)) {
                headers.set(HeaderName.UPGRADE, heard);
            }
            asked = heard;
        }
        return asked.toLowerCase(Locale.ROOT);
    }

    private String withoutIgnored(String asked) {
        StringJoiner heard = new StringJoiner(",");
        for (String token : asked.split(",", -1)) {
            String protocol = token.strip();
            if (!protocol.isEmpty()
                    && options.ignoredUpgrades().stream().noneMatch(matcher -> matcher.matches(protocol))) {
                heard.add(protocol);
            }
        }
        return heard.toString();
    }

    /** Other expectations are the upstream's affair. */
    private static boolean expectContinue(Headers headers, Protocol protocol) {
        return protocol == Protocol.HTTP_1_1 && headers.valueEquals(HeaderName.EXPECT, "100-continue");
    }

    /**
     * Removes the connection header and what it names (RFC 9110 7.6.1); refuses naming what must not be dropped. Of an upgrade
     * the header itself stays, for the upstream to be asked by it.
     */
    private static void stripConnection(HeadFields fields, Headers headers, boolean upgrade) throws Http1Exception {
        if (!fields.connectionHeader) {
            return;
        }
        int line = headers.find(HeaderName.CONNECTION, 0);
        String tokens = headers.value(line);
        for (line = headers.find(HeaderName.CONNECTION, line + 1); line >= 0; ) {
            tokens = tokens + "," + headers.value(line);
            line = headers.find(HeaderName.CONNECTION, line + 1);
        }
        if (!upgrade) {
            headers.remove(HeaderName.CONNECTION);
        }
        for (String token : tokens.split(",", -1)) {
            String name = token.strip().toLowerCase(Locale.ROOT);
            if (name.isEmpty() || name.equals("close") || name.equals("keep-alive") || name.equals("upgrade")) {
                continue;
            }
            if (name.equals("te")) {
                String te = headers.get(HeaderName.TE);
                if (te == null || !Ascii.listContains(te, "trailers")) {
                    headers.remove(HeaderName.TE);
                }
                continue;
            }
            if (name.startsWith(":")
                    || name.startsWith("x-forwarded-")
                    || name.equals("host")
                    || name.equals("content-length")) {
                throw new Http1Exception(400, "http1.connection_header_rejected");
            }
            headers.remove(name);
        }
    }
}
