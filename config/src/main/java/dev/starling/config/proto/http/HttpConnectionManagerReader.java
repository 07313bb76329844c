package dev.starling.config.proto.http;

import dev.starling.config.http.ClientAddress;
import dev.starling.config.http.ClientCertificate;
import dev.starling.config.http.ClientCertificate.Forwarding;
import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.http.HttpConnectionManager.CodecType;
import dev.starling.config.http.HttpConnectionManager.ServerHeader;
import dev.starling.config.http.RequestId;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.accesslog.AccessLogReader;
import dev.starling.config.proto.core.CidrRangeReader;
import dev.starling.config.proto.core.Uint32Reader;
import dev.starling.config.proto.discovery.ConfigSourceReader;
import dev.starling.config.proto.route.RouteConfigurationReader;
import dev.starling.config.route.RouteSource;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the HTTP connection manager and all that is configured inside it. */
public final class HttpConnectionManagerReader {

    private static final String DEFAULT_SERVER_NAME = "envoy";

    private HttpConnectionManagerReader() {}

    /** Null after a problem. */
    public static @Nullable HttpConnectionManager read(
            io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager message,
            ValidationContext context) {
        var codecType = codecType(message);
        var routes = routes(message, context);
        var filters = HttpFiltersReader.read(message.getHttpFiltersList(), context, "http_filters");
        var timeouts = HttpTimeoutsReader.read(message, context);
        var http1 = Http1OptionsReader.read(message.getHttpProtocolOptions(), context.field("http_protocol_options"));
        var http2 = Http2OptionsReader.read(
                message.getHttp2ProtocolOptions(),
                message.getStreamErrorOnInvalidHttpMessage().getValue(),
                context.field("http2_protocol_options"));
        var limits = HttpLimitsReader.read(message, context);
        var clientAddress = clientAddress(message, context);
        var path = PathHandlingReader.read(message, context);
        var accessLogs = AccessLogReader.read(message.getAccessLogList(), context, "access_log");
        var upgrades = HttpUpgradesReader.read(message.getUpgradeConfigsList(), context);
        var localReply = message.hasLocalReplyConfig()
                ? LocalReplyReader.read(message.getLocalReplyConfig(), context.field("local_reply_config"))
                : null;
        return routes == null || context.failed()
                ? null
                : new HttpConnectionManager(
                        message.getStatPrefix(),
                        codecType,
                        routes,
                        filters,
                        timeouts,
                        http1,
                        http2,
                        limits,
                        serverHeader(message),
                        message.getServerName().isEmpty() ? DEFAULT_SERVER_NAME : message.getServerName(),
                        clientAddress,
                        requestId(message),
                        path,
                        accessLogs,
                        upgrades,
                        Optional.ofNullable(localReply),
                        message.getVia(),
                        message.getProxy100Continue(),
                        message.getStreamErrorOnInvalidHttpMessage().getValue(),
                        clientCertificate(message));
    }

    private static ClientCertificate clientCertificate(
            io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager message) {
        var details = message.getSetCurrentClientCertDetails();
        return new ClientCertificate(
                switch (message.getForwardClientCertDetails()) {
                    case SANITIZE, UNRECOGNIZED -> Forwarding.SANITIZE;
                    case FORWARD_ONLY -> Forwarding.FORWARD_ONLY;
                    case APPEND_FORWARD -> Forwarding.APPEND_FORWARD;
                    case SANITIZE_SET -> Forwarding.SANITIZE_SET;
                    case ALWAYS_FORWARD_ONLY -> Forwarding.ALWAYS_FORWARD_ONLY;
                },
                details.getSubject().getValue(),
                details.getCert(),
                details.getChain(),
                details.getDns(),
                details.getUri());
    }

    private static CodecType codecType(
            io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager message) {
        return switch (message.getCodecType()) {
            case AUTO, UNRECOGNIZED -> CodecType.AUTO;
            case HTTP1 -> CodecType.HTTP1;
            case HTTP2 -> CodecType.HTTP2;
            case HTTP3 -> CodecType.HTTP3;
        };
    }

    private static @Nullable RouteSource routes(
            io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager message,
            ValidationContext context) {
        return switch (message.getRouteSpecifierCase()) {
            case ROUTE_CONFIG ->
                RouteConfigurationReader.read(message.getRouteConfig(), true, context.field("route_config"));
            case RDS -> rds(message.getRds(), context.field("rds"));
            case SCOPED_ROUTES -> ScopedRoutesReader.read(message.getScopedRoutes(), context.field("scoped_routes"));
            case ROUTESPECIFIER_NOT_SET -> {
                if (!context.failed()) {
                    context.problem("one of rds, route_config, scoped_routes is required");
                }
                yield null;
            }
        };
    }

    private static @Nullable RouteSource rds(Rds message, ValidationContext context) {
        var source = ConfigSourceReader.read(message.getConfigSource(), context.field("config_source"));
        return source == null ? null : new RouteSource.Rds(message.getRouteConfigName(), source);
    }

    private static ServerHeader serverHeader(
            io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager message) {
        return switch (message.getServerHeaderTransformation()) {
            case OVERWRITE, UNRECOGNIZED -> ServerHeader.OVERWRITE;
            case APPEND_IF_ABSENT -> ServerHeader.APPEND_IF_ABSENT;
            case PASS_THROUGH -> ServerHeader.PASS_THROUGH;
        };
    }

    private static ClientAddress clientAddress(
            io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager message,
            ValidationContext context) {
        return new ClientAddress(
                message.getUseRemoteAddress().getValue(),
                Uint32Reader.clamped(message.getXffNumTrustedHops()),
                message.getSkipXffAppend(),
                CidrRangeReader.read(
                        message.getInternalAddressConfig().getCidrRangesList(),
                        context.field("internal_address_config"),
                        "cidr_ranges"));
    }

    private static RequestId requestId(
            io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager message) {
        return new RequestId(
                !message.hasGenerateRequestId()
                        || message.getGenerateRequestId().getValue(),
                message.getPreserveExternalRequestId(),
                message.getAlwaysSetRequestIdInResponse());
    }
}
