package dev.starling.config.tls;

import java.io.Serial;

/** Certificates, keys or trust that cannot be used; the message is Envoy's and holds no secret. */
public final class TlsProblem extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String field;

    /** @param field of the message that configures it, where the problem is; empty for the whole */
    public TlsProblem(String field, String message) {
        super(message);
        this.field = field;
    }

    public String field() {
        return field;
    }
}
