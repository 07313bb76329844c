package dev.starling.config.proto.cluster;

import dev.starling.config.ByteCount;
import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.Uint32Reader;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import java.time.Duration;

/** Reads how HTTP is spoken with endpoints, from the typed options or from the cluster's older fields. */
@SuppressWarnings("deprecation") // Envoy still reads its deprecated fields, and so do we
final class UpstreamHttpReader {

    private UpstreamHttpReader() {}

    /** The typed options replace the older fields altogether. */
    static UpstreamHttp read(
            io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions message,
            Cluster cluster,
            ValidationContext context) {
        if (!message.getExplicitHttpConfig().hasHttpProtocolOptions() && !context.failed()) {
            context.problem("only explicit_http_config with http_protocol_options is supported yet");
        }
        http1(
                message.getExplicitHttpConfig().getHttpProtocolOptions(),
                context.field("explicit_http_config").field("http_protocol_options"));
        return read(
                message.getCommonHttpProtocolOptions(),
                message.getExplicitHttpConfig().getHttpProtocolOptions(),
                cluster,
                context.field("common_http_protocol_options"));
    }

    static UpstreamHttp read(Cluster cluster, ValidationContext context) {
        if (cluster.hasHttp2ProtocolOptions()) {
            context.field("http2_protocol_options").problem("HTTP/2 upstreams are not supported yet");
        }
        http1(cluster.getHttpProtocolOptions(), context.field("http_protocol_options"));
        return read(
                cluster.getCommonHttpProtocolOptions(),
                cluster.getHttpProtocolOptions(),
                cluster,
                context.field("common_http_protocol_options"));
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
            HttpProtocolOptions common, Http1ProtocolOptions http1, Cluster cluster, ValidationContext context) {
        var otherwise = UpstreamHttp.DEFAULT;
        if (common.hasMaxStreamDuration()) {
            context.field("max_stream_duration").unsupported("not supported yet towards endpoints");
        }
        return new UpstreamHttp(
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
                Uint32Reader.clamped((common.hasMaxRequestsPerConnection()
                                ? common.getMaxRequestsPerConnection()
                                : cluster.getMaxRequestsPerConnection())
                        .getValue()),
                Uint32Reader.clampedOr(
                        otherwise.maxHeadersCount(), common.hasMaxHeadersCount(), common.getMaxHeadersCount()),
                common.hasMaxResponseHeadersKb()
                        ? ByteCount.kibibytes(Uint32Reader.asLong(
                                common.getMaxResponseHeadersKb().getValue()))
                        : otherwise.maxResponseHeaders(),
                http1.getEnableTrailers());
    }
}
