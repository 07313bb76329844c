package dev.starling.config.proto.route;

import dev.starling.config.discovery.ApiConfigSource.Variant;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.ContentHash;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.HeaderNameReader;
import dev.starling.config.proto.core.Uint32Reader;
import dev.starling.config.proto.discovery.ConfigSourceReader;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.Vhds;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.route.v3.RouteConfiguration}. */
public final class RouteConfigurationReader {

    /** Of a direct response's body, unless {@code max_direct_response_body_size_bytes} says otherwise. */
    private static final int DEFAULT_MAX_BODY_BYTES = 4096;

    private RouteConfigurationReader() {}

    /**
     * Null after a problem.
     *
     * @param validateClusters whether clusters must exist when the message does not say: so inside a connection manager,
     *     not so when the routes come by themselves
     */
    public static @Nullable RouteConfiguration read(
            io.envoyproxy.envoy.config.route.v3.RouteConfiguration message,
            boolean validateClusters,
            ValidationContext context) {
        var scope = new RouteScope(
                message.hasValidateClusters() ? message.getValidateClusters().getValue() : validateClusters,
                maxBodyBytes(message));
        var virtualHosts = Elements.read(
                message.getVirtualHostsList(),
                context,
                "virtual_hosts",
                (host, at) -> VirtualHostReader.read(host, scope, at));
        DomainChecker.check(message, context);
        var headers = HeaderMutationsReader.read(
                message.getRequestHeadersToAddList(),
                message.getRequestHeadersToRemoveList(),
                message.getResponseHeadersToAddList(),
                message.getResponseHeadersToRemoveList(),
                context);
        var internalOnly = Elements.read(
                message.getInternalOnlyHeadersList(), context, "internal_only_headers", HeaderNameReader::read);
        var overrides = FilterOverridesReader.read(message.getTypedPerFilterConfigMap(), context);
        var virtualHostSource = message.hasVhds()
                ? virtualHostSource(message.getVhds(), context.field("vhds"))
                : Optional.<ConfigSource>empty();
        return context.failed()
                ? null
                : new RouteConfiguration(
                        message.getName(),
                        virtualHosts,
                        headers,
                        internalOnly,
                        message.getMostSpecificHeaderMutationsWins(),
                        message.getIgnorePortInHostMatching(),
                        virtualHostSource,
                        overrides,
                        ContentHash.of(message));
    }

    /** Of a configuration that finds its virtual hosts one by one. Null after a problem. */
    public static @Nullable VirtualHost readVirtualHost(
            io.envoyproxy.envoy.config.route.v3.VirtualHost message, ValidationContext context) {
        DomainChecker.check(message, context);
        return VirtualHostReader.read(message, new RouteScope(false, DEFAULT_MAX_BODY_BYTES), context);
    }

    /** The state of the world has no way to ask for them. */
    private static Optional<ConfigSource> virtualHostSource(Vhds message, ValidationContext context) {
        var at = context.field("config_source");
        var source = Optional.ofNullable(ConfigSourceReader.read(message.getConfigSource(), at));
        boolean delta = source.isEmpty()
                || source.get() instanceof ConfigSource.Ads
                || (source.get() instanceof ConfigSource.Grpc(var api, var _) && api.variant() == Variant.DELTA);
        if (!delta) {
            at.problem("vhds: only 'DELTA_GRPC' is supported as an api_type.");
        }
        return source;
    }

    /** Zero is no bound, in Envoy too. */
    private static long maxBodyBytes(io.envoyproxy.envoy.config.route.v3.RouteConfiguration message) {
        long bytes = Uint32Reader.longOr(
                DEFAULT_MAX_BODY_BYTES,
                message.hasMaxDirectResponseBodySizeBytes(),
                message.getMaxDirectResponseBodySizeBytes());
        return bytes == 0 ? Long.MAX_VALUE : bytes;
    }
}
