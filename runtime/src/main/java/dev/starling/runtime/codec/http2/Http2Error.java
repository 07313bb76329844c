package dev.starling.runtime.codec.http2;

/** The error codes of RFC 9113 7. */
public enum Http2Error {
    NO_ERROR(0),
    PROTOCOL_ERROR(1),
    INTERNAL_ERROR(2),
    FLOW_CONTROL_ERROR(3),
    SETTINGS_TIMEOUT(4),
    STREAM_CLOSED(5),
    FRAME_SIZE_ERROR(6),
    REFUSED_STREAM(7),
    CANCEL(8),
    COMPRESSION_ERROR(9),
    CONNECT_ERROR(10),
    ENHANCE_YOUR_CALM(11),
    INADEQUATE_SECURITY(12),
    HTTP_1_1_REQUIRED(13);

    private static final Http2Error[] VALUES = values();

    private final int code;

    Http2Error(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** Codes that nobody knows are taken for {@link #INTERNAL_ERROR} (RFC 9113 7). */
    static Http2Error of(long code) {
        return code < VALUES.length ? VALUES[(int) code] : INTERNAL_ERROR;
    }
}
