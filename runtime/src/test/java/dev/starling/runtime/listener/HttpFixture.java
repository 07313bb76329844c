package dev.starling.runtime.listener;

import dev.starling.config.HeaderMutations;
import dev.starling.config.Metadata;
import dev.starling.config.http.ClientAddress;
import dev.starling.config.http.ClientCertificate;
import dev.starling.config.http.Http1Options;
import dev.starling.config.http.Http2Options;
import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.http.HttpLimits;
import dev.starling.config.http.HttpTimeouts;
import dev.starling.config.http.PathHandling;
import dev.starling.config.http.RequestId;
import dev.starling.config.http.RouterConfig;
import dev.starling.config.route.GrpcTimeouts;
import dev.starling.config.route.RetryPolicy;
import dev.starling.config.route.Route;
import dev.starling.config.route.RouteAction;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.RouteMatch;
import dev.starling.config.route.VirtualHost;
import dev.starling.runtime.codec.http2.Http2Stats;
import dev.starling.runtime.http.ConnectionManager;
import dev.starling.runtime.http.ConnectionManagerStats;
import dev.starling.runtime.http.HttpFilterChain;
import dev.starling.runtime.http.filter.FilterContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.router.RouterFactory;
import dev.starling.runtime.network.FilterChainContext;
import dev.starling.runtime.network.NetworkFilter;
import dev.starling.runtime.route.RouteTableSource;
import dev.starling.runtime.stats.StatsScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Connection managers for a {@link ProxyFixture}, with everything as its defaults have it but what the test names. */
public final class HttpFixture {

    private HttpFixture() {}

    /** Routes every request to the cluster. */
    public static Function<FilterChainContext, NetworkFilter> to(String cluster) {
        return connectionManager(settings(routes(route("/", cluster))));
    }

    /** A connection manager with stats {@code http.<stat_prefix>.}, these filters and then the router. */
    public static Function<FilterChainContext, NetworkFilter> connectionManager(
            HttpConnectionManager settings, HttpFilter.Maker... filters) {
        return context -> {
            StatsScope scope = context.proxy().stats().scope("http." + settings.statPrefix() + ".");
            List<HttpFilterChain.Entry> all = new ArrayList<>();
            for (HttpFilter.Maker filter : filters) {
                all.add(new HttpFilterChain.Entry("filter", false, filter));
            }
            all.add(new HttpFilterChain.Entry(
                    "router",
                    false,
                    new RouterFactory()
                            .create(RouterConfig.DEFAULT, new FilterContext("router", context.proxy(), scope))));
            RouteTableSource table = context.proxy().routes().table(settings.routes(), settings.statPrefix());
            return new ConnectionManager(
                    settings,
                    context,
                    new ConnectionManagerStats(
                            scope, scope.scope("listener."), new Http2Stats(scope.scope("http2.")), null),
                    new HttpFilterChain(all),
                    Map.of(),
                    context.proxy().accessLogging().loggers(settings.accessLogs()),
                    table);
        };
    }

    public static HttpConnectionManager settings(RouteConfiguration routes) {
        return settings(routes, HttpTimeouts.DEFAULT, HttpLimits.DEFAULT);
    }

    public static HttpConnectionManager settings(RouteConfiguration routes, HttpTimeouts timeouts, HttpLimits limits) {
        return settings(routes, timeouts, limits, Http1Options.DEFAULT);
    }

    /** Passing trailers on, as is not the default. */
    public static HttpConnectionManager settingsWithTrailers(RouteConfiguration routes) {
        Http1Options http1 = new Http1Options(true, false, "", true, false, Http1Options.HeaderCase.LOWER);
        return settings(routes, HttpTimeouts.DEFAULT, HttpLimits.DEFAULT, http1);
    }

    private static HttpConnectionManager settings(
            RouteConfiguration routes, HttpTimeouts timeouts, HttpLimits limits, Http1Options http1) {
        return settings(routes, timeouts, limits, http1, ClientAddress.DEFAULT, false);
    }

    public static HttpConnectionManager settings(
            RouteConfiguration routes,
            HttpTimeouts timeouts,
            HttpLimits limits,
            Http1Options http1,
            ClientAddress client,
            boolean streamErrorOnInvalidMessage) {
        return new HttpConnectionManager(
                "http",
                HttpConnectionManager.CodecType.AUTO,
                routes,
                List.of(),
                timeouts,
                http1,
                Http2Options.DEFAULT,
                limits,
                HttpConnectionManager.ServerHeader.OVERWRITE,
                "envoy",
                client,
                RequestId.DEFAULT,
                PathHandling.DEFAULT,
                List.of(),
                List.of(),
                Optional.empty(),
                "",
                false,
                streamErrorOnInvalidMessage,
                ClientCertificate.DEFAULT);
    }

    /** The same, with these options of HTTP/2 and nothing but HTTP/2. */
    public static HttpConnectionManager http2(HttpConnectionManager s, Http2Options http2) {
        return new HttpConnectionManager(
                s.statPrefix(),
                HttpConnectionManager.CodecType.HTTP2,
                s.routes(),
                s.httpFilters(),
                s.timeouts(),
                s.http1(),
                http2,
                s.limits(),
                s.serverHeader(),
                s.serverName(),
                s.clientAddress(),
                s.requestId(),
                s.path(),
                s.accessLogs(),
                s.upgrades(),
                s.localReply(),
                s.via(),
                s.proxy100Continue(),
                s.streamErrorOnInvalidMessage(),
                s.clientCertificate());
    }

    /** One virtual host for all domains. */
    public static RouteConfiguration routes(Route... routes) {
        VirtualHost all = new VirtualHost(
                "all",
                List.of("*"),
                List.of(routes),
                VirtualHost.TlsRequirement.NONE,
                HeaderMutations.NONE,
                false,
                false,
                Map.of(),
                VirtualHost.Retries.NONE);
        return new RouteConfiguration("routes", List.of(all), HeaderMutations.NONE, List.of(), false, false, 1);
    }

    public static Route route(String prefix, String cluster) {
        return route(prefix, cluster, Duration.ofSeconds(15));
    }

    public static Route route(String prefix, String cluster, Duration timeout) {
        return route(prefix, cluster, timeout, Optional.empty(), OptionalLong.empty());
    }

    /** Without a timeout. */
    public static Route retrying(String cluster, RetryPolicy policy, OptionalLong bufferLimit) {
        return route("/", cluster, Duration.ZERO, Optional.of(policy), bufferLimit);
    }

    private static Route route(
            String prefix, String cluster, Duration timeout, Optional<RetryPolicy> retries, OptionalLong bufferLimit) {
        RouteMatch match = new RouteMatch(
                new RouteMatch.PathSpecifier.Prefix(prefix), true, List.of(), List.of(), false, Optional.empty());
        RouteAction action = new RouteAction(
                new RouteAction.Target.ToCluster(cluster),
                503,
                timeout,
                Optional.empty(),
                Optional.empty(),
                RouteAction.PathRewrite.None.NONE,
                RouteAction.HostRewrite.None.NONE,
                false,
                RouteAction.RoutingPriority.DEFAULT,
                List.of(),
                GrpcTimeouts.NONE,
                retries);
        return new Route("", match, action, HeaderMutations.NONE, Metadata.NONE, "", Map.of(), bufferLimit);
    }
}
