package dev.starling.runtime.codec.http2;

import java.io.Serial;

/** The peer broke HTTP/2 in a way that ends the connection (RFC 9113 5.4.1). Without a stack trace: peers decide how often. */
public final class Http2Exception extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Of a peer that opens streams and resets them. */
    public static final String TOO_MANY_PREMATURE_RESETS = "http2.too_many_premature_resets";

    private final Http2Error error;

    Http2Exception(Http2Error error, String detail) {
        super(detail, null, false, false);
        this.error = error;
    }

    public static Http2Exception protocol(String detail) {
        return new Http2Exception(Http2Error.PROTOCOL_ERROR, detail);
    }

    Http2Error error() {
        return error;
    }
}
