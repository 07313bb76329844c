package dev.starling.config.discovery;

import dev.starling.config.ByteCount;
import java.time.Duration;
import java.util.List;

/**
 * {@code envoy.config.core.v3.GrpcService}, validated.
 *
 * @param initialMetadata sent with each call
 */
public record GrpcService(Target target, List<Metadatum> initialMetadata, Backoff backoff) {

    public GrpcService {
        initialMetadata = List.copyOf(initialMetadata);
    }

    public sealed interface Target {

        /**
         * Endpoints of a cluster.
         *
         * @param authority empty for the cluster's name
         * @param maxReceived the longest message that is taken
         * @param skipEnvoyHeaders not to say that the request comes from inside, and from where
         */
        record Cluster(String name, String authority, ByteCount maxReceived, boolean skipEnvoyHeaders)
                implements Target {}

        /** A channel of its own, such as {@code dns:///control-plane:18000}, in clear. */
        record Channel(String targetUri) implements Target {}
    }

    /** A header: lower case; one that ends in {@code -bin} has its value in base64. */
    public record Metadatum(String name, String value) {}

    /**
     * How long to wait before trying again: drawn from zero to an interval that doubles with each failure.
     *
     * @param max not below the base
     */
    public record Backoff(Duration base, Duration max) {

        public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
    }
}
