package dev.starling.config.tls;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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

    /** The same, of what has come. */
    public DownstreamTls with(CommonTls filled, Tickets known) {
        return new DownstreamTls(
                filled,
                requireClientCertificate,
                known,
                statefulResumption,
                sessionTimeout,
                ocspPolicy,
                fullScanOnMismatch,
                preferClientCiphers);
    }

    /** What is to come. */
    public Stream<SdsSecret> secrets() {
        return tickets instanceof Tickets.Named(var keys)
                ? Stream.concat(common.secrets().all(), Stream.of(keys))
                : common.secrets().all();
    }

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

        /** Under such keys as soon as they come; until then as with {@link Kind#OWN_KEY}. */
        record Named(SdsSecret secret) implements Tickets {}
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
