package dev.starling.launcher;

import dev.starling.config.DiscoveredExtension;
import dev.starling.config.Extension;
import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.http.HttpFilterEntry;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.Listener;
import dev.starling.config.listener.ListenerFilterChain;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.RouteSource;
import dev.starling.config.route.RouteSource.Rds;
import dev.starling.config.route.ScopedRoute;
import dev.starling.config.route.ScopedRoutes;
import dev.starling.config.route.ScopedRoutes.Scopes;
import dev.starling.config.tls.DownstreamSocket;
import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.QuicDownstream;
import dev.starling.config.tls.SdsSecret;
import dev.starling.xds.resource.Held;
import dev.starling.xds.resource.HeldResources;
import dev.starling.xds.resource.ResourceName;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a listener waits for of control planes, in Envoy's words. */
final class ListenerTargets {

    static final String LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener";
    static final String RUNTIME = "type.googleapis.com/envoy.service.runtime.v3.Runtime";
    private static final String ROUTES = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";
    private static final String SCOPES = "type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration";
    private static final String HOSTS = "type.googleapis.com/envoy.config.route.v3.VirtualHost";
    private static final String EXTENSIONS = "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig";
    private static final String SECRETS = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";

    private final HeldResources held;

    ListenerTargets(HeldResources held) {
        this.held = held;
    }

    List<String> of(Listener listener) {
        return Stream.concat(
                        extensions(
                                listener.listenerFilters().filters().stream().map(ListenerFilterChain.Entry::filter)),
                        Stream.concat(listener.filterChains().stream(), listener.defaultFilterChain().stream())
                                .flatMap(this::of))
                .distinct()
                .toList();
    }

    private Stream<String> of(FilterChain chain) {
        return Stream.of(
                        extensions(chain.filters().stream()),
                        chain.filters().stream()
                                .flatMap(this::configured)
                                .flatMap(config ->
                                        config instanceof HttpConnectionManager manager ? of(manager) : Stream.of()),
                        secrets(chain.transportSocket())
                                .map(SdsSecret::name)
                                .filter(name -> find(SECRETS, name).isEmpty())
                                .map(name -> "shared target SdsApi " + name))
                .flatMap(Function.identity());
    }

    /** What a filter is configured with, or was until its own configuration came. */
    private Stream<Record> configured(Extension filter) {
        return filter.config() instanceof DiscoveredExtension discovered
                ? Stream.concat(
                        discovered.fallback().stream().map(Extension::config),
                        find(EXTENSIONS, filter.name()).stream().map(found -> ((Extension) found.resource()).config()))
                : Stream.of(filter.config());
    }

    private Stream<String> extensions(Stream<Extension> filters) {
        return filters.filter(filter -> filter.config() instanceof DiscoveredExtension wanted
                        && !wanted.atOnce()
                        && find(EXTENSIONS, filter.name()).isEmpty())
                .map(filter -> "shared target FilterConfigSubscription init " + filter.name());
    }

    private Stream<String> of(HttpConnectionManager manager) {
        return Stream.concat(
                routes(manager.routes()),
                extensions(manager.httpFilters().stream().map(HttpFilterEntry::filter)));
    }

    private Stream<String> routes(RouteSource source) {
        return switch (source) {
            case RouteConfiguration _ -> Stream.of();
            case Rds(var name, var _) ->
                routesAreThere(name)
                        ? Stream.of()
                        : Stream.of("shared target RdsRouteConfigSubscription RDS init " + name);
            case ScopedRoutes scoped ->
                scoped.scopes() instanceof Scopes.Discovered && !scopesAreThere()
                        ? Stream.of("target ConfigSubscriptionCommonBase init target 'SRDS'")
                        : Stream.of();
        };
    }

    /** With their routes, but for those that are asked for later. */
    private boolean scopesAreThere() {
        return held.known(SCOPES)
                && held.held(SCOPES).stream()
                        .map(scope -> (ScopedRoute) scope.resource())
                        .allMatch(scope -> scope.inline().isPresent()
                                || scope.onDemand()
                                || routesAreThere(scope.routeConfiguration()));
    }

    /** With their virtual hosts, if those come one by one. */
    private boolean routesAreThere(String name) {
        return find(ROUTES, name)
                .map(Held::resource)
                .filter(routes ->
                        ((RouteConfiguration) routes).virtualHostSource().isEmpty() || held.known(HOSTS))
                .isPresent();
    }

    private static Stream<SdsSecret> secrets(DownstreamSocket socket) {
        return switch (socket) {
            case DownstreamSocket.Raw _ -> Stream.of();
            case DownstreamTls tls -> tls.secrets();
            case QuicDownstream(var inside) -> inside.secrets();
        };
    }

    private Optional<Held<?>> find(String type, String name) {
        return held.held(type, ResourceName.canonical(name));
    }
}
