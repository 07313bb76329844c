package dev.starling.config.proto.route;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DataSourceReader;
import dev.starling.config.proto.core.MetadataReader;
import dev.starling.config.route.DirectResponseAction;
import dev.starling.config.route.NonForwardingAction;
import dev.starling.config.route.Route;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.route.v3.Route}. */
final class RouteReader {

    private static final byte[] NO_BODY = new byte[0];

    private RouteReader() {}

    static @Nullable Route read(
            io.envoyproxy.envoy.config.route.v3.Route message, RouteScope scope, ValidationContext context) {
        var match = RouteMatchReader.read(message.getMatch(), context.field("match"));
        var action = action(message, scope, context);
        var headers = HeaderMutationsReader.read(
                message.getRequestHeadersToAddList(),
                message.getRequestHeadersToRemoveList(),
                message.getResponseHeadersToAddList(),
                message.getResponseHeadersToRemoveList(),
                context);
        var overrides = FilterOverridesReader.read(message.getTypedPerFilterConfigMap(), context);
        return match == null || action == null || context.failed()
                ? null
                : new Route(
                        message.getName(),
                        match,
                        action,
                        headers,
                        MetadataReader.read(message.getMetadata()),
                        message.getStatPrefix(),
                        overrides,
                        RetriesReader.bufferLimit(
                                message.hasPerRequestBufferLimitBytes(), message.getPerRequestBufferLimitBytes()));
    }

    private static Route.@Nullable Action action(
            io.envoyproxy.envoy.config.route.v3.Route message, RouteScope scope, ValidationContext context) {
        return switch (message.getActionCase()) {
            case ROUTE -> RouteActionReader.read(message.getRoute(), scope, context.field("route"));
            case REDIRECT -> RedirectActionReader.read(message.getRedirect(), context.field("redirect"));
            case DIRECT_RESPONSE ->
                directResponse(message.getDirectResponse(), scope, context.field("direct_response"));
            case NON_FORWARDING_ACTION -> new NonForwardingAction();
            case FILTER_ACTION -> {
                context.field("filter_action").problem("filter actions are not supported yet");
                yield null;
            }
            case ACTION_NOT_SET -> {
                if (!context.failed()) {
                    context.problem("one of route, redirect, direct_response, non_forwarding_action is required");
                }
                yield null;
            }
        };
    }

    private static @Nullable DirectResponseAction directResponse(
            io.envoyproxy.envoy.config.route.v3.DirectResponseAction message,
            RouteScope scope,
            ValidationContext context) {
        byte[] body = message.hasBody()
                ? DataSourceReader.read(message.getBody(), scope.maxBodyBytes(), "response body", context.field("body"))
                : NO_BODY;
        return body == null ? null : new DirectResponseAction(message.getStatus(), body);
    }
}
