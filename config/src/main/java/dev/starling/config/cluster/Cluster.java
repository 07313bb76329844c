package dev.starling.config.cluster;

import dev.starling.config.ByteCount;
import dev.starling.config.Metadata;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.tls.UpstreamSockets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code envoy.config.cluster.v3.Cluster}, validated.
 *
 * @param statName the name in stats: {@code alt_stat_name} or the name, {@code :} already {@code _}
 * @param connectTimeout TCP and TLS handshake together
 * @param perConnectionBufferLimit above it reads are paused
 * @param proxyProtocol absent: endpoints are not told who the client is
 * @param contentHash of the resource as received: an equal hash means nothing changed
 */
public record Cluster(
        String name,
        String statName,
        Discovery discovery,
        LoadAssignment loadAssignment,
        LbPolicy lbPolicy,
        CommonLb commonLb,
        Duration connectTimeout,
        ByteCount perConnectionBufferLimit,
        CircuitBreakers circuitBreakers,
        Optional<OutlierDetection> outlierDetection,
        List<HealthCheck> healthChecks,
        UpstreamHttp http,
        UpstreamSockets transportSockets,
        Optional<UpstreamProxyProtocol> proxyProtocol,
        boolean waitForWarmOnInit,
        boolean ignoreHealthOnHostRemoval,
        Metadata metadata,
        long contentHash) {

    public Cluster {
        healthChecks = List.copyOf(healthChecks);
    }

    /** How endpoints are found. */
    public sealed interface Discovery {
        enum Static implements Discovery {
            STATIC
        }

        /** Every address a name resolves to is an endpoint. */
        record StrictDns(DnsSettings dns) implements Discovery {}

        /** One logical endpoint; the first address is used for new connections. */
        record LogicalDns(DnsSettings dns) implements Discovery {}

        /**
         * From a control plane or a file.
         *
         * @param serviceName of the resource
         */
        record Eds(String serviceName, ConfigSource source) implements Discovery {}

        /**
         * The addresses that connections were meant for before they were redirected.
         *
         * @param header whose value takes the place of that, where there is one
         * @param port that takes the place of theirs
         * @param cleanupInterval what was not used for one is forgotten after the next
         */
        record OriginalDst(Optional<String> header, OptionalInt port, Duration cleanupInterval) implements Discovery {}

        /**
         * Those of other clusters, which go on from one to the next as one does from its first priority to its second.
         *
         * @param clusters by name, of which some may not exist; never empty
         */
        record Aggregate(List<String> clusters) implements Discovery {
            public Aggregate {
                clusters = List.copyOf(clusters);
            }
        }
    }

    /** The clusters that this one names as an aggregate; empty for any other. */
    public List<String> members() {
        return discovery instanceof Discovery.Aggregate(var clusters) ? clusters : List.of();
    }

    /**
     * @param failureRefreshBase present only where {@code dns_failure_refresh_rate} is: jittered exponential from here
     * @param failureRefreshMax not below the base
     */
    public record DnsSettings(
            Duration refreshRate,
            Optional<Duration> failureRefreshBase,
            Duration failureRefreshMax,
            Duration jitter,
            boolean respectTtl,
            LookupFamily lookupFamily) {}

    /** {@code dns_lookup_family}. AUTO asks for IPv6 and falls back to IPv4. */
    public enum LookupFamily {
        AUTO,
        V4_ONLY,
        V6_ONLY,
        V4_PREFERRED,
        ALL
    }
}
