package dev.starling.runtime.codec.http2;

import java.io.Serial;

/** A message that is well coded and says what it must not (RFC 9113 8.1.1). Without a stack trace. */
public final class MalformedMessage extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    /** A field that must not be, or says what it must not; in the words of Envoy's response code details. */
    static final String INVALID_FIELD = "http2.invalid.header.field";

    /** A message that lacks something, or contradicts itself. */
    static final String VIOLATION = "http2.violation.of.messaging.rule";

    MalformedMessage(String detail) {
        super(detail, null, false, false);
    }

    /** The message is not what its own head says. */
    public static MalformedMessage contradiction() {
        return new MalformedMessage(VIOLATION);
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
