package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import dev.starling.tests.xds.OwnPlane;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRds;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ScopedRoutes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clusters, listeners and scopes that are members of collections, in the real Envoy and in Starling. */
@Timeout(180)
class CollectionsSameAsEnvoyIT {

    private static final String CLUSTER = OwnPlane.typeUrl(Cluster.getDefaultInstance());
    private static final String LISTENER = OwnPlane.typeUrl(Listener.getDefaultInstance());
    private static final String SCOPE = OwnPlane.typeUrl(ScopedRouteConfiguration.getDefaultInstance());
    private static final List<String> TYPES = List.of(CLUSTER, LISTENER, SCOPE);

    private static final Pattern NAMES = Pattern.compile("\"(version_info|name)\": \"(.*)\"");

    @TempDir
    Path folder;

    private static String member(String typeUrl, String name) {
        return typeUrl.replace("type.googleapis.com", "xdstp://plane") + "/some/" + name;
    }

    /** Without endpoints: then a request is answered otherwise than without the cluster. */
    private static Cluster cluster(String name, int timeoutMillis) {
        return Cluster.newBuilder()
                .setName(name)
                .setConnectTimeout(Durations.fromMillis(timeoutMillis))
                .build();
    }

    /** The scope of requests is in a header, their cluster in another. */
    private static Listener listener(String name) {
        ScopedRoutes.ScopeKeyBuilder.Builder key = ScopedRoutes.ScopeKeyBuilder.newBuilder();
        key.addFragmentsBuilder()
                .getHeaderValueExtractorBuilder()
                .setName("x-scope")
                .setIndex(0);
        ConfigSource ads = ConfigSource.newBuilder()
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .setResourceApiVersion(ApiVersion.V3)
                .build();
        HttpConnectionManager manager = HttpConnectionManager.newBuilder()
                .setStatPrefix(name)
                .setDelayedCloseTimeout(Durations.fromMillis(20))
                .setScopedRoutes(ScopedRoutes.newBuilder()
                        .setName("scoped")
                        .setScopeKeyBuilder(key)
                        .setRdsConfigSource(ads)
                        .setScopedRds(ScopedRds.newBuilder()
                                .setScopedRdsConfigSource(ads)
                                .setSrdsResourcesLocator(member(SCOPE, "*"))))
                .addHttpFilters(
                        HttpFilter.newBuilder().setName("router").setTypedConfig(Any.pack(Router.getDefaultInstance())))
                .build();
        return Listener.newBuilder()
                .setName(name)
                .setAddress(Address.newBuilder()
                        .setSocketAddress(SocketAddress.newBuilder()
                                .setAddress("127.0.0.1")
                                .setPortValue(0)))
                .addFilterChains(FilterChain.newBuilder()
                        .addFilters(Filter.newBuilder().setName("http").setTypedConfig(Any.pack(manager))))
                .build();
    }

    private static ScopedRouteConfiguration scope(String name) {
        RouteConfiguration.Builder routes = RouteConfiguration.newBuilder().setName(name + "-routes");
        routes.addVirtualHosts(VirtualHost.newBuilder()
                .setName("all")
                .addDomains("*")
                .addRoutes(Route.newBuilder()
                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                        .setRoute(RouteAction.newBuilder().setClusterHeader("x-cluster"))));
        ScopedRouteConfiguration.Builder scope =
                ScopedRouteConfiguration.newBuilder().setName(name).setRouteConfiguration(routes);
        scope.getKeyBuilder().addFragmentsBuilder().setStringKey(name);
        return scope.build();
    }

    private static String answer(ProxyProcess proxy, String listener, String scope, String cluster) throws IOException {
        return scope + " " + cluster + " on " + listener + ": "
                + proxy.exchange(
                                listener,
                                "GET / HTTP/1.1\r\nhost: h\r\nx-scope: " + scope + "\r\nx-cluster: " + cluster
                                        + "\r\nconnection: close\r\n\r\n")
                        .replaceAll("(?m)^(date|server|connection|content-length): .*\\R", "");
    }

    private static String answers(ProxyProcess proxy) throws IOException {
        StringBuilder told = new StringBuilder();
        for (String scope : List.of("one", "two", "outside", "same")) {
            for (String cluster : List.of("a", "late", "plain", member(CLUSTER, "same"))) {
                told.append(answer(proxy, "in", scope, cluster)).append('\n');
            }
        }
        return told.toString();
    }

    /** What is there, and the versions of what has come. */
    private static String there(ProxyProcess proxy) throws IOException {
        StringBuilder told = new StringBuilder();
        for (String dump : List.of(
                "dynamic_active_clusters&mask=version_info,cluster.name",
                "dynamic_listeners&mask=name,active_state.version_info",
                "dynamic_scoped_route_configs&mask=name,version_info,scoped_route_configs")) {
            told.append(NAMES.matcher(proxy.get("/config_dump?resource=" + dump))
                            .results()
                            .map(MatchResult::group)
                            .filter(line -> !line.contains("-routes"))
                            .sorted()
                            .collect(Collectors.joining("\n")))
                    .append('\n');
        }
        return told.toString();
    }

    private static String stats(ProxyProcess proxy) throws IOException {
        return proxy.get(
                        "/stats?filter=(cds%7Clds%7Chttp.in.scoped_rds.*).(update_(success%7Crejected%7Cfailure)%7Cversion_text)$%7C"
                                + "(active_clusters%7Ccluster_(added%7Cremoved)%7Cwarming_clusters%7Clistener_(added%7Cremoved%7Cmodified)"
                                + "%7Ctotal_listeners_active)$")
                .lines()
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static void await(BothProxies proxies, String path, String text, boolean there) {
        Awaitility.await(text)
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> proxies.envoy().get(path).contains(text) == there
                        && proxies.starling().get(path).contains(text) == there);
    }

    @Test
    void takesMembersAndNothingElse() throws IOException {
        Path envoy = EnvoyBinary.require(getClass());
        try (OwnPlane plane = OwnPlane.start()) {
            plane.set(member(CLUSTER, "a"), cluster("a", 1000));
            plane.set("plain", cluster("plain", 1000));
            plane.set(member(LISTENER, "in"), listener("in"));
            plane.set("outside", listener("outside"));
            plane.set(member(SCOPE, "one"), scope("one"));
            plane.set("outside", scope("outside"));
            try (BothProxies proxies =
                    BothProxies.start(envoy, folder, "collections-bootstrap.yaml", Map.of("plane", plane.port()))) {
                assertSame(proxies);

                plane.set(member(CLUSTER, "late"), cluster("late", 1000));
                plane.set(member(CLUSTER, "same"), cluster(member(CLUSTER, "same"), 1000));
                plane.set(member(SCOPE, "two"), scope("two"));
                plane.set(member(SCOPE, "same"), scope("same"));
                plane.set(member(LISTENER, "later"), listener("later"));
                plane.set(member(LISTENER, "same"), listener(member(LISTENER, "same")));
                await(proxies, "/listeners", member(LISTENER, "same"), true);
                await(proxies, "/config_dump", "same-routes", true);
                assertSame(proxies);
                assertThat(answers(proxies.starling()))
                        .contains("two late on in: HTTP/1.1 503 Service Unavailable")
                        .contains("outside a on in: HTTP/1.1 404 Not Found");

                // A member that goes takes what bears its whole name with it, and nothing else.
                for (String type : TYPES) {
                    plane.remove(type, member(type, "same"));
                }
                plane.remove(CLUSTER, member(CLUSTER, "late"));
                plane.remove(LISTENER, member(LISTENER, "later"));
                plane.set(member(LISTENER, "last"), listener("last"));
                await(proxies, "/listeners", "last", true);
                await(proxies, "/listeners", member(LISTENER, "same"), false);
                await(proxies, "/clusters", member(CLUSTER, "same"), false);
                assertServesSame(proxies);

                plane.set(member(CLUSTER, "a"), cluster("a", -1));
                await(proxies, "/stats?filter=cds.update_rejected", "cds.update_rejected: 1", true);
                assertServesSame(proxies);
            }
            for (String type : TYPES) {
                assertThat(plane.subscribed(type)).isNotEmpty().containsOnly(member(type, "*"));
            }
        }
    }

    private static void assertSame(BothProxies proxies) throws IOException {
        proxies.assertAlike(CollectionsSameAsEnvoyIT::there);
        assertServesSame(proxies);
    }

    /** Our dumps show what the control plane has, Envoy's also what members have left behind. */
    private static void assertServesSame(BothProxies proxies) throws IOException {
        proxies.assertAlike(CollectionsSameAsEnvoyIT::answers);
        proxies.assertAlike(proxy -> proxy.names("/clusters", "/listeners"));
        proxies.assertAlike(CollectionsSameAsEnvoyIT::stats);
    }
}
