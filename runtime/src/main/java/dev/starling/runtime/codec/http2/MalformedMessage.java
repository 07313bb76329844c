package dev.starling.runtime.codec.http2;

import java.io.Serial;

/** A message that is well coded and says what it must not (RFC 9113 8.1.1). Without a stack trace. */
public final class MalformedMessage extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    MalformedMessage(String detail) {
        super(detail, null, false, false);
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
