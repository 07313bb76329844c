package dev.starling.config.proto.route;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.route.VirtualHost;
import dev.starling.config.route.VirtualHost.TlsRequirement;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.route.v3.VirtualHost}. */
final class VirtualHostReader {

    private VirtualHostReader() {}

    static @Nullable VirtualHost read(
            io.envoyproxy.envoy.config.route.v3.VirtualHost message, RouteScope scope, ValidationContext context) {
        var routes = Elements.read(
                message.getRoutesList(), context, "routes", (route, at) -> RouteReader.read(route, scope, at));
        var headers = HeaderMutationsReader.read(
                message.getRequestHeadersToAddList(),
                message.getRequestHeadersToRemoveList(),
                message.getResponseHeadersToAddList(),
                message.getResponseHeadersToRemoveList(),
                context);
        var overrides = FilterOverridesReader.read(message.getTypedPerFilterConfigMap(), context);
        var retries = RetriesReader.read(message, context);
        return context.failed()
                ? null
                : new VirtualHost(
                        message.getName(),
                        message.getDomainsList().stream()
                                .map(domain -> domain.toLowerCase(Locale.ROOT))
                                .toList(),
                        routes,
                        tls(message),
                        headers,
                        message.getIncludeRequestAttemptCount(),
                        message.getIncludeAttemptCountInResponse(),
                        overrides,
                        retries);
    }

    private static TlsRequirement tls(io.envoyproxy.envoy.config.route.v3.VirtualHost message) {
        return switch (message.getRequireTls()) {
            case NONE, UNRECOGNIZED -> TlsRequirement.NONE;
            case EXTERNAL_ONLY -> TlsRequirement.EXTERNAL_ONLY;
            case ALL -> TlsRequirement.ALL;
        };
    }
}
