package dev.starling.config.proto.cluster;

import dev.starling.config.cluster.HealthCheck;
import dev.starling.config.cluster.HealthCheck.Intervals;
import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.HeaderMutationReader;
import dev.starling.config.proto.core.StructReader;
import dev.starling.config.proto.core.Uint32Reader;
import io.envoyproxy.envoy.type.v3.CodecClientType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.core.v3.HealthCheck}. */
final class HealthCheckReader {

    private static final Duration DEFAULT_NO_TRAFFIC_INTERVAL = Duration.ofSeconds(60);

    private HealthCheckReader() {}

    /**
     * At most one.
     *
     * @param http how HTTP is spoken with the endpoints
     */
    static List<HealthCheck> read(
            List<io.envoyproxy.envoy.config.core.v3.HealthCheck> messages,
            String cluster,
            UpstreamHttp http,
            ValidationContext context) {
        if (messages.size() > 1) {
            context.field("health_checks").problem("Multiple health checks not supported");
        }
        return readAll(messages, cluster, http, context);
    }

    /** Any number of them. */
    static List<HealthCheck> readAll(
            List<io.envoyproxy.envoy.config.core.v3.HealthCheck> messages,
            String cluster,
            UpstreamHttp http,
            ValidationContext context) {
        return Elements.read(messages, context, "health_checks", (check, at) -> read(check, cluster, http, at));
    }

    private static @Nullable HealthCheck read(
            io.envoyproxy.envoy.config.core.v3.HealthCheck message,
            String cluster,
            UpstreamHttp http,
            ValidationContext context) {
        var probe = probe(message, cluster, http, context);
        return probe == null
                ? null
                : new HealthCheck(
                        DurationReader.read(message.getTimeout(), context.field("timeout")),
                        intervals(message, context),
                        Uint32Reader.clamped(message.getUnhealthyThreshold().getValue()),
                        Uint32Reader.clamped(message.getHealthyThreshold().getValue()),
                        !message.hasReuseConnection()
                                || message.getReuseConnection().getValue(),
                        message.hasTransportSocketMatchCriteria()
                                ? Optional.of(StructReader.read(message.getTransportSocketMatchCriteria()))
                                : Optional.empty(),
                        probe);
    }

    private static HealthCheck.@Nullable Probe probe(
            io.envoyproxy.envoy.config.core.v3.HealthCheck message,
            String cluster,
            UpstreamHttp http,
            ValidationContext context) {
        if (message.hasHttpHealthCheck()) {
            var at = context.field("http_health_check");
            var http1 = http.version() == UpstreamHttp.Version.HTTP_1;
            if (http1 && message.getHttpHealthCheck().getCodecClientType() == CodecClientType.HTTP2) {
                at.field("codec_client_type")
                        .warning("health checks are spoken in HTTP/2, though requests to " + cluster
                                + " are in HTTP/1.1: endpoints that know HTTP/1.1 only fail them");
            }
            return HttpProbeReader.read(message.getHttpHealthCheck(), at);
        }
        if (message.hasTcpHealthCheck()) {
            return TcpProbeReader.read(message.getTcpHealthCheck(), context.field("tcp_health_check"));
        }
        if (!message.hasGrpcHealthCheck()) {
            context.problem("only HTTP, TCP and gRPC health checks are supported yet");
            return null;
        }
        var at = context.field("grpc_health_check");
        if (http.version() == UpstreamHttp.Version.HTTP_1) {
            at.problem(cluster + " cluster must support HTTP/2 for gRPC healthchecking");
        }
        var grpc = message.getGrpcHealthCheck();
        var metadata = HeaderMutationReader.additions(grpc.getInitialMetadataList(), at, "initial_metadata");
        return new HealthCheck.Probe.Grpc(grpc.getServiceName(), grpc.getAuthority(), metadata);
    }

    private static Intervals intervals(
            io.envoyproxy.envoy.config.core.v3.HealthCheck message, ValidationContext context) {
        var interval = DurationReader.read(message.getInterval(), context.field("interval"));
        var noTraffic = DurationReader.readOr(
                DEFAULT_NO_TRAFFIC_INTERVAL,
                message.hasNoTrafficInterval(),
                message.getNoTrafficInterval(),
                context.field("no_traffic_interval"));
        var unhealthy = DurationReader.readOr(
                interval,
                message.hasUnhealthyInterval(),
                message.getUnhealthyInterval(),
                context.field("unhealthy_interval"));
        return new Intervals(
                interval,
                DurationReader.readOr(
                        Duration.ZERO,
                        message.hasInitialJitter(),
                        message.getInitialJitter(),
                        context.field("initial_jitter")),
                DurationReader.readOr(
                        Duration.ZERO,
                        message.hasIntervalJitter(),
                        message.getIntervalJitter(),
                        context.field("interval_jitter")),
                Uint32Reader.clamped(message.getIntervalJitterPercent()),
                noTraffic,
                DurationReader.readOr(
                        noTraffic,
                        message.hasNoTrafficHealthyInterval(),
                        message.getNoTrafficHealthyInterval(),
                        context.field("no_traffic_healthy_interval")),
                unhealthy,
                DurationReader.readOr(
                        unhealthy,
                        message.hasUnhealthyEdgeInterval(),
                        message.getUnhealthyEdgeInterval(),
                        context.field("unhealthy_edge_interval")),
                DurationReader.readOr(
                        interval,
                        message.hasHealthyEdgeInterval(),
                        message.getHealthyEdgeInterval(),
                        context.field("healthy_edge_interval")));
    }
}
