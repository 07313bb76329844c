package dev.starling.runtime.tls;

import java.io.Serial;
import java.security.cert.CertificateException;

/** A peer's certificate is not good enough; carries what is counted, how Envoy words it, and what the peer is told. */
final class PeerRejected extends CertificateException {

    @Serial
    private static final long serialVersionUID = 1L;

    // What BoringSSL makes the alerts of: its X509_V_ERR_*, which never change.
    static final int NO_REVOCATIONS = 3;
    static final int REVOCATIONS_FORGED = 8;
    static final int NOT_YET_VALID = 9;
    static final int EXPIRED = 10;
    static final int REVOCATIONS_TOO_NEW = 11;
    static final int REVOCATIONS_TOO_OLD = 12;
    static final int SELF_SIGNED = 18;
    static final int SELF_SIGNED_IN_CHAIN = 19;
    static final int UNKNOWN_ISSUER = 20;
    static final int REVOKED = 23;
    static final int WRONG_PURPOSE = 26;
    static final int CERTIFICATE_REJECTED = 28;
    static final int WRONG_NAME = 47;

    private final Why why;
    private final int code;

    /** The counters of Envoy. */
    enum Why {
        CHAIN,
        SAN,
        CERTIFICATE_HASH,
        /** None: there are no rules to break. */
        UNCHECKED
    }

    PeerRejected(Why why, int code, String message) {
        super(message);
        this.why = why;
        this.code = code;
    }

    static PeerRejected chain(int code, int depth, String reason) {
        return new PeerRejected(
                Why.CHAIN,
                code,
                "verify cert failed: X509_verify_cert: certificate verification error at depth " + depth + ": "
                        + reason);
    }

    Why why() {
        return why;
    }

    int code() {
        return code;
    }
}
