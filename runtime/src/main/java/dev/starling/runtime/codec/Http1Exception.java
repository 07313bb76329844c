package dev.starling.runtime.codec;

import java.io.Serial;

/**
 * A peer broke HTTP/1.1. Carries the reply a client gets and Envoy's response code detail; made without a stack trace,
 * because hostile peers decide how often it happens.
 */
public final class Http1Exception extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String detail;

    public Http1Exception(int status, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.detail = detail;
    }

    static Http1Exception codecError() {
        return new Http1Exception(400, "http1.codec_error");
    }

    /** What a downstream is answered. */
    public int status() {
        return status;
    }

    public String detail() {
        return detail;
    }
}
