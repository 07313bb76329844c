package dev.starling.config.tls;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext}.
 *
 * @param statefulResumption sessions are kept here for clients that take no tickets
 * @param sessionTimeout absent: the provider's
 * @param fullScanOnMismatch a certificate for no name of the client's is looked for among all, not taken to be the first
 */
public record DownstreamTls(
        CommonTls common,
        boolean requireClientCertificate,
        Tickets tickets,
        boolean statefulResumption,
        Optional<Duration> sessionTimeout,
        OcspPolicy ocspPolicy,
        boolean fullScanOnMismatch,
        boolean preferClientCiphers)
        implements DownstreamSocket {

    /** How sessions are given to clients to keep. */
    public sealed interface Tickets {

        enum Kind implements Tickets {
            /** Not at all. */
            NONE,
            /** Under a key that nobody else has. */
            OWN_KEY
        }

        /**
         * Under the first of these keys; tickets under any of them are taken.
         *
         * @param keys 80 bytes each: name, HMAC key, AES key
         */
        record Keys(List<DataSource> keys) implements Tickets {
            public Keys {
                keys = List.copyOf(keys);
            }
        }
    }

    /** What an OCSP response is needed for. */
    public enum OcspPolicy {
        /** Sent while it is valid. */
        LENIENT_STAPLING,
        /** A certificate with one is not used when it has expired. */
        STRICT_STAPLING,
        /** A certificate without a valid one is not used. */
        MUST_STAPLE
    }
}
