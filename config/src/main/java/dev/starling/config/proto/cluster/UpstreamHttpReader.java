package dev.starling.config.proto.cluster;

import dev.starling.config.ByteCount;
import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.config.cluster.UpstreamHttp.AutoNames;
import dev.starling.config.cluster.UpstreamHttp.Version;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.Uint32Reader;
import dev.starling.config.proto.http.Http2OptionsReader;
import dev.starling.config.tls.UpstreamSockets;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.ClusterProtocolSelection;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.UpstreamHttpProtocolOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Reads how HTTP is spoken with endpoints, from the typed options or from the cluster's older fields. */
@SuppressWarnings("deprecation") // Envoy still reads its deprecated fields, and so do we
final class UpstreamHttpReader {

    private UpstreamHttpReader() {}

    /** What the options of each version say, wherever they stand. */
    private record Versions(
            Version version,
            Http1ProtocolOptions http1,
            ValidationContext http1At,
            Http2ProtocolOptions http2,
            ValidationContext http2At) {}

    /** The typed options replace the older fields altogether. */
    static UpstreamHttp read(
            io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions message,
            Cluster cluster,
            UpstreamSockets sockets,
            ValidationContext context) {
        var common = context.field("common_http_protocol_options");
        return switch (message.getUpstreamProtocolOptionsCase()) {
            case EXPLICIT_HTTP_CONFIG -> {
                var explicit = message.getExplicitHttpConfig();
                var at = context.field("explicit_http_config");
                yield read(
                        new Versions(
                                explicit.hasHttp2ProtocolOptions() ? Version.HTTP_2 : Version.HTTP_1,
                                explicit.getHttpProtocolOptions(),
                                at.field("http_protocol_options"),
                                explicit.getHttp2ProtocolOptions(),
                                at.field("http2_protocol_options")),
                        message.getCommonHttpProtocolOptions(),
                        message.getUpstreamHttpProtocolOptions(),
                        cluster,
                        common);
            }
            case USE_DOWNSTREAM_PROTOCOL_CONFIG -> {
                var downstream = message.getUseDownstreamProtocolConfig();
                var at = context.field("use_downstream_protocol_config");
                yield read(
                        new Versions(
                                Version.AS_DOWNSTREAM,
                                downstream.getHttpProtocolOptions(),
                                at.field("http_protocol_options"),
                                downstream.getHttp2ProtocolOptions(),
                                at.field("http2_protocol_options")),
                        message.getCommonHttpProtocolOptions(),
                        message.getUpstreamHttpProtocolOptions(),
                        cluster,
                        common);
            }
            case AUTO_CONFIG -> {
                var auto = message.getAutoConfig();
                var at = context.field("auto_config");
                if (!sockets.negotiate()) {
                    at.problem("ALPN configured for cluster " + cluster.getName()
                            + " which has a non-ALPN transport socket");
                }
                yield read(
                        new Versions(
                                Version.BY_ALPN,
                                auto.getHttpProtocolOptions(),
                                at.field("http_protocol_options"),
                                auto.getHttp2ProtocolOptions(),
                                at.field("http2_protocol_options")),
                        message.getCommonHttpProtocolOptions(),
                        message.getUpstreamHttpProtocolOptions(),
                        cluster,
                        common);
            }
            case UPSTREAMPROTOCOLOPTIONS_NOT_SET -> UpstreamHttp.DEFAULT; // refused by the rule that one is required
        };
    }

    static UpstreamHttp read(Cluster cluster, ValidationContext context) {
        return read(
                new Versions(
                        version(cluster),
                        cluster.getHttpProtocolOptions(),
                        context.field("http_protocol_options"),
                        cluster.getHttp2ProtocolOptions(),
                        context.field("http2_protocol_options")),
                cluster.getCommonHttpProtocolOptions(),
                cluster.getUpstreamHttpProtocolOptions(),
                cluster,
                context.field("common_http_protocol_options"));
    }

    private static Version version(Cluster cluster) {
        if (cluster.getProtocolSelection() == ClusterProtocolSelection.USE_DOWNSTREAM_PROTOCOL) {
            return Version.AS_DOWNSTREAM;
        }
        return cluster.hasHttp2ProtocolOptions() ? Version.HTTP_2 : Version.HTTP_1;
    }

    /** What of these concerns requests that are received is without effect here, in Envoy too. */
    private static void http1(Http1ProtocolOptions message, ValidationContext context) {
        if (message.hasHeaderKeyFormat()) {
            context.field("header_key_format").unsupported("not supported yet towards endpoints");
        }
        if (message.getAllowChunkedLength()) {
            context.field("allow_chunked_length").unsupported("not supported yet towards endpoints");
        }
    }

    private static UpstreamHttp read(
            Versions versions,
            HttpProtocolOptions common,
            UpstreamHttpProtocolOptions names,
            Cluster cluster,
            ValidationContext context) {
        var otherwise = UpstreamHttp.DEFAULT;
        http1(versions.http1(), versions.http1At());
        return new UpstreamHttp(
                versions.version(),
                DurationReader.readOr(
                        otherwise.idleTimeout(),
                        common.hasIdleTimeout(),
                        common.getIdleTimeout(),
                        context.field("idle_timeout")),
                DurationReader.readIf(
                                common.hasMaxConnectionDuration(),
                                common.getMaxConnectionDuration(),
                                context.field("max_connection_duration"))
                        .filter(duration -> !duration.equals(Duration.ZERO)),
                DurationReader.readIf(
                                common.hasMaxStreamDuration(),
                                common.getMaxStreamDuration(),
                                context.field("max_stream_duration"))
                        .filter(duration -> !duration.equals(Duration.ZERO)),
                Uint32Reader.clamped((common.hasMaxRequestsPerConnection()
                                ? common.getMaxRequestsPerConnection()
                                : cluster.getMaxRequestsPerConnection())
                        .getValue()),
                Uint32Reader.clampedOr(
                        otherwise.maxHeadersCount(), common.hasMaxHeadersCount(), common.getMaxHeadersCount()),
                common.hasMaxResponseHeadersKb()
                        ? Optional.of(ByteCount.kibibytes(Uint32Reader.asLong(
                                common.getMaxResponseHeadersKb().getValue())))
                        : Optional.empty(),
                versions.http1().getEnableTrailers(),
                Http2OptionsReader.read(versions.http2(), false, versions.http2At()),
                autoNames(names));
    }

    private static AutoNames autoNames(UpstreamHttpProtocolOptions message) {
        return new AutoNames(
                message.getAutoSni(),
                message.getAutoSanValidation(),
                message.getOverrideAutoSniHeader().toLowerCase(Locale.ROOT));
    }
}
