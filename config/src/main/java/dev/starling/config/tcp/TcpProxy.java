package dev.starling.config.tcp;

import dev.starling.config.accesslog.AccessLog;
import dev.starling.config.discovery.OnDemandClusters;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy}.
 *
 * @param idleTimeout zero: none; either direction resets it
 * @param maxConnectAttempts from 1
 * @param tunneling present: they go in a request of HTTP
 * @param onDemand present: connections wait for a cluster that is not there
 */
public record TcpProxy(
        String statPrefix,
        List<WeightedCluster> clusters,
        Duration idleTimeout,
        Optional<Duration> maxDownstreamConnectionDuration,
        int maxConnectAttempts,
        List<AccessLog> accessLogs,
        Optional<TunnelingConfig> tunneling,
        Optional<OnDemandClusters> onDemand) {

    public TcpProxy {
        clusters = List.copyOf(clusters);
        accessLogs = List.copyOf(accessLogs);
    }

    /** Bytes go to the endpoint as they are. */
    public TcpProxy(
            String statPrefix,
            List<WeightedCluster> clusters,
            Duration idleTimeout,
            Optional<Duration> maxDownstreamConnectionDuration,
            int maxConnectAttempts,
            List<AccessLog> accessLogs) {
        this(
                statPrefix,
                clusters,
                idleTimeout,
                maxDownstreamConnectionDuration,
                maxConnectAttempts,
                accessLogs,
                Optional.empty(),
                Optional.empty());
    }

    /** @param weight from 1; a single cluster has weight 1 */
    public record WeightedCluster(String name, long weight) {}
}
