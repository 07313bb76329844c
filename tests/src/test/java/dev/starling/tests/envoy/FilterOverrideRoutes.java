package dev.starling.tests.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.NonForwardingAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.OnDemand;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.OnDemandCds;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.PerRouteConfig;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Route configurations that say something of filters on each of their levels. */
final class FilterOverrideRoutes {

    private static final String ON_DEMAND = "on-demand";
    private static final String HEALTH = "health";

    static final ConfigSource ADS = ConfigSource.newBuilder()
            .setAds(AggregatedConfigSource.getDefaultInstance())
            .setResourceApiVersion(ApiVersion.V3)
            .build();

    private static final ConfigSource OWN_STREAM = ConfigSource.newBuilder()
            .setApiConfigSource(ApiConfigSource.newBuilder()
                    .setApiType(ApiConfigSource.ApiType.DELTA_GRPC)
                    .setTransportApiVersion(ApiVersion.V3)
                    .addGrpcServices(GrpcService.newBuilder()
                            .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder().setClusterName("plane"))))
            .setResourceApiVersion(ApiVersion.V3)
            .build();

    static final Any NOT = Any.pack(PerRouteConfig.getDefaultInstance());
    static final Any OFF = Any.pack(FilterConfig.newBuilder().setDisabled(true).build());
    private static final Any ON = Any.pack(
            FilterConfig.newBuilder().setConfig(Any.getDefaultInstance()).build());
    private static final Any UNKNOWN =
            Any.pack(wrapped(Router.getDefaultInstance()).setIsOptional(true).build());

    /** What a level may say of a filter; null: nothing. */
    static final Map<String, @Nullable Any> WORDS = new LinkedHashMap<>();

    static {
        WORDS.put("plain", null);
        WORDS.put("asks", asks(ADS));
        WORDS.put("not", NOT);
        WORDS.put("off", OFF);
        WORDS.put("on", ON);
        WORDS.put("unknown", UNKNOWN);
        WORDS.put("wrapped", Any.pack(wrapped(perRoute(ADS)).setIsOptional(true).build()));
    }

    private FilterOverrideRoutes() {}

    private static PerRouteConfig perRoute(ConfigSource source) {
        return PerRouteConfig.newBuilder()
                .setOdcds(OnDemandCds.newBuilder().setSource(source).setTimeout(Durations.fromSeconds(1)))
                .build();
    }

    private static Any asks(ConfigSource source) {
        return Any.pack(perRoute(source));
    }

    private static FilterConfig.Builder wrapped(Message config) {
        return FilterConfig.newBuilder().setConfig(Any.pack(config));
    }

    private static Map<String, Any> of(String filter, @Nullable Any said) {
        return said == null ? Map.of() : Map.of(filter, said);
    }

    private static Route.Builder route(String path, String filter, @Nullable Any said) {
        return Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setPath("/" + path))
                .putAllTypedPerFilterConfig(of(filter, said));
    }

    private static Route to(String cluster, String path, String filter, @Nullable Any said) {
        return route(path, filter, said)
                .setRoute(RouteAction.newBuilder().setCluster(cluster))
                .build();
    }

    private static Route weighted(String cluster, String path, @Nullable Any ofCluster, @Nullable Any ofRoute) {
        return route(path, ON_DEMAND, ofRoute)
                .setRoute(RouteAction.newBuilder()
                        .setWeightedClusters(WeightedCluster.newBuilder()
                                .addClusters(WeightedCluster.ClusterWeight.newBuilder()
                                        .setName(cluster)
                                        .setWeight(UInt32Value.of(1))
                                        .putAllTypedPerFilterConfig(of(ON_DEMAND, ofCluster)))))
                .build();
    }

    /** Every word of a route, each with a cluster that nobody else asks for. */
    static VirtualHost host(String routes, String word) {
        String clusters = routes + "-" + word + "-";
        var host = VirtualHost.newBuilder()
                .setName(word)
                .addDomains(word)
                .putAllTypedPerFilterConfig(of(ON_DEMAND, WORDS.get(word)));
        WORDS.forEach((path, said) -> host.addRoutes(to(clusters + path, path, ON_DEMAND, said)));
        for (String cluster : List.of("plain", "asks", "not", "off", "on")) {
            for (String route : List.of("asks", "not", "off")) {
                String path = cluster + "-of-" + route;
                host.addRoutes(weighted(clusters + path, path, WORDS.get(cluster), WORDS.get(route)));
            }
        }
        return host.addRoutes(to(clusters + "own-stream", "own-stream", ON_DEMAND, asks(OWN_STREAM)))
                .addRoutes(to(clusters + "nobody", "nobody", "nobody", NOT))
                .addRoutes(to(clusters + "by-type", "by-type", "envoy.filters.http.on_demand", NOT))
                .build();
    }

    static RouteConfiguration routes(String name, @Nullable Any said) {
        var routes = RouteConfiguration.newBuilder().setName(name).putAllTypedPerFilterConfig(of(ON_DEMAND, said));
        List.of("plain", "asks", "not", "off").forEach(word -> routes.addVirtualHosts(host(name, word)));
        return routes.build();
    }

    /** Of a filter that its chain has disabled. */
    static RouteConfiguration enabling() {
        var direct = DirectResponseAction.newBuilder().setStatus(201);
        var heavy = RouteAction.newBuilder()
                .setWeightedClusters(WeightedCluster.newBuilder()
                        .addClusters(WeightedCluster.ClusterWeight.newBuilder()
                                .setName("heavy")
                                .setWeight(UInt32Value.of(1))
                                .putTypedPerFilterConfig(HEALTH, OFF)));
        return RouteConfiguration.newBuilder()
                .setName("enabling")
                .addVirtualHosts(VirtualHost.newBuilder()
                        .setName("plain")
                        .addDomains("plain")
                        .addRoutes(route("plain", HEALTH, null).setDirectResponse(direct))
                        .addRoutes(route("on", HEALTH, ON).setDirectResponse(direct))
                        .addRoutes(route("unknown", HEALTH, UNKNOWN).setDirectResponse(direct)))
                .addVirtualHosts(VirtualHost.newBuilder()
                        .setName("on")
                        .addDomains("on")
                        .putTypedPerFilterConfig(HEALTH, ON)
                        .addRoutes(route("plain", HEALTH, null).setDirectResponse(direct))
                        .addRoutes(route("off", HEALTH, OFF).setDirectResponse(direct))
                        .addRoutes(route("redirect", HEALTH, null)
                                .setRedirect(RedirectAction.newBuilder().setHostRedirect("else")))
                        .addRoutes(route("none", HEALTH, null)
                                .setNonForwardingAction(NonForwardingAction.getDefaultInstance()))
                        .addRoutes(route("heavy", HEALTH, ON).setRoute(heavy)))
                .addVirtualHosts(VirtualHost.newBuilder()
                        .setName("tls")
                        .addDomains("tls")
                        .setRequireTls(VirtualHost.TlsRequirementType.ALL)
                        .putTypedPerFilterConfig(HEALTH, ON)
                        .addRoutes(route("plain", HEALTH, null).setDirectResponse(direct)))
                .build();
    }

    static RouteConfiguration judged(Any said) {
        return RouteConfiguration.newBuilder()
                .setName("judged")
                .addVirtualHosts(VirtualHost.newBuilder()
                        .setName("all")
                        .addDomains("*")
                        .addRoutes(to("judged", "judged", ON_DEMAND, said)))
                .build();
    }

    /** What may be said of the filter, rightly or not, by what it is. */
    static Map<String, Any> candidates() {
        var odcds = OnDemandCds.newBuilder().setSource(ADS).setTimeout(Durations.fromSeconds(2));
        Map<String, Any> candidates = new LinkedHashMap<>();
        candidates.put(
                "asks", Any.pack(PerRouteConfig.newBuilder().setOdcds(odcds).build()));
        candidates.put(
                "of the filter", Any.pack(OnDemand.newBuilder().setOdcds(odcds).build()));
        candidates.put(
                "of the filter, optional",
                Any.pack(wrapped(OnDemand.newBuilder().setOdcds(odcds).build())
                        .setIsOptional(true)
                        .build()));
        candidates.put("of a filter without", Any.pack(Router.getDefaultInstance()));
        candidates.put("of a filter without, optional", UNKNOWN);
        Message none = Cluster.newBuilder().setName("none").build();
        candidates.put("of no filter", Any.pack(none));
        candidates.put("of no filter, wrapped", Any.pack(wrapped(none).build()));
        candidates.put(
                "of no filter, optional",
                Any.pack(wrapped(none).setIsOptional(true).build()));
        candidates.put(
                "of no filter, disabled",
                Any.pack(wrapped(none).setDisabled(true).build()));
        candidates.put("empty wrapper", Any.pack(FilterConfig.getDefaultInstance()));
        candidates.put(
                "empty optional wrapper",
                Any.pack(FilterConfig.newBuilder().setIsOptional(true).build()));
        candidates.put("enabled", ON);
        candidates.put(
                "wrapped twice",
                Any.pack(wrapped(FilterConfig.newBuilder().setDisabled(true).build())
                        .build()));
        candidates.put("without type", Any.getDefaultInstance());
        candidates.put(
                "without source",
                Any.pack(PerRouteConfig.newBuilder()
                        .setOdcds(OnDemandCds.getDefaultInstance())
                        .build()));
        candidates.put(
                "negative",
                Any.pack(PerRouteConfig.newBuilder()
                        .setOdcds(odcds.setTimeout(Durations.fromSeconds(-1)))
                        .build()));
        return candidates;
    }
}
