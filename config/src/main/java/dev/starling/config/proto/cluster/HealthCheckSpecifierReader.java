package dev.starling.config.proto.cluster;

import com.google.protobuf.Any;
import dev.starling.config.ByteCount;
import dev.starling.config.Metadata;
import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.Cluster.Discovery;
import dev.starling.config.cluster.CommonLb;
import dev.starling.config.cluster.HealthCheckSpecifier;
import dev.starling.config.cluster.LbPolicy;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.endpoint.LocalityEndpoints;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.AddressReader;
import dev.starling.config.proto.core.ContentHash;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.LocalityReader;
import dev.starling.config.proto.endpoint.EndpointReader;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.service.health.v3.ClusterHealthCheck;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code envoy.service.health.v3.HealthCheckSpecifier}. Its clusters become what Envoy's {@code HdsDelegate} makes of
 * them.
 */
public final class HealthCheckSpecifierReader {

    /** One with more is refused. */
    public static final int MAX_CLUSTERS = 10_000;

    /** Of all clusters together, once for each check; one with more is refused. */
    public static final int MAX_CHECKED_ENDPOINTS = 100_000;

    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final ByteCount BUFFER_LIMIT = ByteCount.kibibytes(32);

    private static final Any HTTP_2 = Any.pack(HttpProtocolOptions.newBuilder()
            .setExplicitHttpConfig(HttpProtocolOptions.ExplicitHttpConfig.newBuilder()
                    .setHttp2ProtocolOptions(
                            io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions.getDefaultInstance()))
            .build());

    private HealthCheckSpecifierReader() {}

    /** Null after a problem. */
    public static @Nullable HealthCheckSpecifier read(
            io.envoyproxy.envoy.service.health.v3.HealthCheckSpecifier message, ValidationContext context) {
        var interval = DurationReader.readOr(
                DEFAULT_INTERVAL, message.hasInterval(), message.getInterval(), context.field("interval"));
        if (isTooLarge(message, context)) {
            return null;
        }
        Set<String> names = new HashSet<>();
        var clusters =
                Elements.read(message.getClusterHealthChecksList(), context, "cluster_health_checks", (cluster, at) -> {
                    if (!cluster.getClusterName().isEmpty() && !names.add(cluster.getClusterName())) {
                        at.field("cluster_name")
                                .warning("there is a cluster " + cluster.getClusterName()
                                        + " before: this one is not checked");
                        return null;
                    }
                    return cluster(cluster, at);
                });
        return context.failed() ? null : new HealthCheckSpecifier(clusters, interval);
    }

    private static boolean isTooLarge(
            io.envoyproxy.envoy.service.health.v3.HealthCheckSpecifier message, ValidationContext context) {
        if (message.getClusterHealthChecksCount() > MAX_CLUSTERS) {
            context.field("cluster_health_checks")
                    .problem("has " + message.getClusterHealthChecksCount() + " clusters, and at most " + MAX_CLUSTERS
                            + " are checked");
            return true;
        }
        long checked = 0;
        for (ClusterHealthCheck cluster : message.getClusterHealthChecksList()) {
            long endpoints = cluster.getLocalityEndpointsList().stream()
                    .mapToLong(locality -> locality.getEndpointsCount())
                    .sum();
            checked += endpoints * Math.max(1, cluster.getHealthChecksCount());
        }
        if (checked > MAX_CHECKED_ENDPOINTS) {
            context.field("cluster_health_checks")
                    .problem("has " + checked + " endpoints, counted once for each check, and at most "
                            + MAX_CHECKED_ENDPOINTS + " are checked");
            return true;
        }
        return false;
    }

    private static @Nullable Cluster cluster(ClusterHealthCheck message, ValidationContext context) {
        var alike = alike(message);
        var sockets = UpstreamSocketsReader.read(alike, context);
        var http = ProtocolOptionsReader.read(alike, sockets, context);
        var checks = HealthCheckReader.readAll(message.getHealthChecksList(), message.getClusterName(), http, context);
        var endpoints = new EndpointReader(AddressReader.literal());
        var localities = Elements.read(
                message.getLocalityEndpointsList(),
                context,
                "locality_endpoints",
                (locality, at) -> locality(locality, endpoints, at));
        if (context.failed()) {
            return null;
        }
        return new Cluster(
                message.getClusterName(),
                message.getClusterName().replace(':', '_'),
                Discovery.Static.STATIC,
                LoadAssignment.of(message.getClusterName(), localities),
                new LbPolicy.RoundRobin(Optional.empty()),
                CommonLb.DEFAULT,
                CONNECT_TIMEOUT,
                BUFFER_LIMIT,
                CircuitBreakers.DEFAULT,
                Optional.empty(),
                checks,
                http,
                sockets,
                Optional.empty(),
                true,
                false,
                Metadata.NONE,
                ContentHash.of(message));
    }

    /** A cluster that has the same fields at the same places, for the readers of clusters. */
    private static io.envoyproxy.envoy.config.cluster.v3.Cluster alike(ClusterHealthCheck message) {
        var alike = io.envoyproxy.envoy.config.cluster.v3.Cluster.newBuilder()
                .setName(message.getClusterName())
                .addAllTransportSocketMatches(message.getTransportSocketMatchesList());
        if (message.getHealthChecksList().stream().anyMatch(check -> check.hasGrpcHealthCheck())) {
            alike.putTypedExtensionProtocolOptions(
                    HttpProtocolOptions.getDescriptor().getFullName(), HTTP_2);
        }
        return alike.build();
    }

    /** Endpoints that are not to be checked are not reported either, as with Envoy. */
    private static LocalityEndpoints locality(
            io.envoyproxy.envoy.service.health.v3.LocalityEndpoints message,
            EndpointReader endpoints,
            ValidationContext context) {
        return new LocalityEndpoints(
                LocalityReader.read(message.getLocality()),
                0,
                0,
                Elements.read(
                        message.getEndpointsList(),
                        context,
                        "endpoints",
                        (endpoint, at) -> endpoint.getHealthCheckConfig().getDisableActiveHealthCheck()
                                ? null
                                : endpoints.read(endpoint, at)),
                Optional.empty());
    }
}
