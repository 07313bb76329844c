package dev.starling.runtime.codec;

import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.ResponseHead;

/** Reads responses of an upstream. What does not frame exactly one message is an error: the connection is not reused. */
abstract class ResponseDecoder extends Http1Decoder {

    /** Informational responses before the final one; more is an attack. */
    private static final int MAX_INFORMATIONAL = 16;

    /** Headers to make room for at first, those that the proxy adds included. */
    private static final int EXPECTED_HEADERS = 10;

    /** For {@code server} and {@code x-envoy-upstream-service-time}. */
    private static final int HEAD_SLACK = 64;

    private final HeadFields fields = new HeadFields();
    private boolean headRequest;
    private boolean connectRequest;
    private boolean upgradeRequest;
    private int informational;

    ResponseDecoder(int maxHeadBytes, int maxFields) {
        super(maxHeadBytes, maxFields, HEAD_SLACK);
    }

    /** Called with each request that is sent: how its response is framed depends on it. */
    final void expect(boolean head, boolean connect, boolean upgrade) {
        headRequest = head;
        connectRequest = connect;
        upgradeRequest = upgrade;
        informational = 0;
        nextMessage();
    }

    /** @param keepAlive whether the upstream lets the connection be used again */
    abstract void onResponse(ResponseHead head, boolean keepAlive);

    @Override
    final void onHead(byte[] bytes, int length) throws Http1Exception {
        if (!HeadFields.is(bytes, 0, "HTTP/1.") || (bytes[7] != '0' && bytes[7] != '1') || bytes[8] != ' ') {
            throw Http1Exception.codecError();
        }
        Protocol protocol = bytes[7] == '1' ? Protocol.HTTP_1_1 : Protocol.HTTP_1_0;
        int status = digit(bytes[9]) * 100 + digit(bytes[10]) * 10 + digit(bytes[11]);
        if (status < 100 || status > 599 || (bytes[12] != ' ' && bytes[12] != '\r')) {
            throw Http1Exception.codecError();
        }
        int at = 12;
        while (bytes[at] != '\r') {
            if ((bytes[at] & 0xff) < 0x20 && bytes[at] != '\t') {
                throw Http1Exception.codecError();
            }
            at++;
        }
        if (bytes[at + 1] != '\n') {
            throw Http1Exception.codecError();
        }
        Headers headers = new Headers(bytes, length, EXPECTED_HEADERS);
        fields.reset();
        fields.read(bytes, at + 2, length - 2, headers, maxFields);
        if (status < 200 && status != 101) {
            informational(status, protocol, headers, fields);
            return;
        }
        boolean keepAlive = protocol == Protocol.HTTP_1_1
                ? !fields.connectionClose
                : fields.connectionKeepAlive && !fields.connectionClose;
        long contentLength = frame(status, fields, headers, protocol);
        ResponseHead head = new ResponseHead(status, protocol, headers, contentLength, complete());
        onResponse(isRaw() ? head.openingTunnel() : head, keepAlive);
    }

    private void informational(int status, Protocol protocol, Headers headers, HeadFields fields)
            throws Http1Exception {
        boolean body = fields.contentLength > 0 || fields.contentLengths > 1 || fields.transferEncodings > 0;
        if (++informational > MAX_INFORMATIONAL || body) {
            throw Http1Exception.codecError();
        }
        headers.remove(HeaderName.CONNECTION);
        headers.remove(HeaderName.CONTENT_LENGTH); // Envoy bears a length of zero
        onResponse(new ResponseHead(status, protocol, headers, -1, false), true);
    }

    /** Decides on the body (RFC 9112 6.3); returns its length, or -1 if not told. */
    private long frame(int status, HeadFields fields, Headers headers, Protocol protocol) throws Http1Exception {
        if (fields.contentLengths > 1
                || fields.transferEncodings > 1
                || (fields.transferEncodings == 1 && (!fields.chunked || protocol == Protocol.HTTP_1_0))
                || (fields.transferEncodings == 1 && fields.contentLengths == 1)) {
            throw Http1Exception.codecError();
        }
        headers.remove(HeaderName.TRANSFER_ENCODING);
        if (status == 101) {
            boolean framed = fields.contentLengths + fields.transferEncodings > 0;
            if (!upgradeRequest || !fields.upgrade || framed) {
                throw Http1Exception.codecError();
            }
            raw();
            return -1;
        }
        if (connectRequest && status < 300) {
            headers.remove(HeaderName.CONTENT_LENGTH); // says nothing here (RFC 9110 9.3.6)
            raw();
            return -1;
        }
        if (headRequest || status == 304) {
            bodyNone();
            return fields.contentLength;
        }
        if (status == 204) {
            if (fields.contentLength > 0 || fields.transferEncodings > 0) {
                throw Http1Exception.codecError();
            }
            headers.remove(HeaderName.CONTENT_LENGTH);
            bodyNone();
            return -1;
        }
        if (fields.transferEncodings == 1) {
            bodyChunked();
            return -1;
        }
        if (fields.contentLengths == 1) {
            bodyLength(fields.contentLength);
            return fields.contentLength;
        }
        bodyUntilClose();
        return -1;
    }

    private static int digit(byte b) throws Http1Exception {
        if (b < '0' || b > '9') {
            throw Http1Exception.codecError();
        }
        return b - '0';
    }
}
