package dev.starling.runtime.tls;

import java.io.Serial;
import java.security.cert.CertificateException;

/** A peer's certificate is not good enough; carries what is counted and how Envoy words it. */
final class PeerRejected extends CertificateException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Why why;

    /** The counters of Envoy. */
    enum Why {
        CHAIN,
        SAN,
        CERTIFICATE_HASH
    }

    PeerRejected(Why why, String message) {
        super(message);
        this.why = why;
    }

    PeerRejected(Why why, String message, Throwable cause) {
        super(message, cause);
        this.why = why;
    }

    Why why() {
        return why;
    }
}
