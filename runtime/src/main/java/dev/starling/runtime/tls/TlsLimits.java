package dev.starling.runtime.tls;

import java.time.Duration;

/** What bounds TLS where the configuration does not. */
final class TlsLimits {

    /** Until a handshake must be over where {@code transport_socket_connect_timeout} does not say. */
    static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(15);

    /** BoringSSL's default, and so Envoy's: how long a session can be resumed. */
    static final Duration SESSION_TIMEOUT = Duration.ofHours(2);

    /** Sessions that a server keeps for clients that take no tickets. */
    static final int SERVER_SESSIONS = 20 * 1024;

    /** A peer's certificates, all together. */
    static final int CERTIFICATE_LIST_BYTES = 100 * 1024;

    /** Until the end of our direction has left for a peer that takes nothing. */
    static final Duration CLOSE_NOTIFY_TIMEOUT = Duration.ofSeconds(3);

    private TlsLimits() {}
}
