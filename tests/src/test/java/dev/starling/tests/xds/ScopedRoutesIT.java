package dev.starling.tests.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scopes and their routes from a control plane; the key is the host without its port. */
@Timeout(120)
class ScopedRoutesIT {

    private static final String LISTENER = Proxy.listener("in", """
            scoped_routes:
              name: scoped
              scope_key_builder:
                fragments:
                - header_value_extractor: {name: Host, element_separator: ":", index: 0}
              rds_config_source: {ads: {}, resource_api_version: V3}
              scoped_rds: {scoped_rds_config_source: {ads: {}, resource_api_version: V3}}
            http_filters:
            - name: on-demand
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.on_demand.v3.OnDemand
            - name: router
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
            """);

    static RouteConfiguration routes(String name, int status) {
        return RouteConfiguration.newBuilder()
                .setName(name)
                .addVirtualHosts(virtualHost("all", "*", status))
                .build();
    }

    static VirtualHost virtualHost(String name, String domain, int status) {
        return VirtualHost.newBuilder()
                .setName(name)
                .addDomains(domain)
                .addRoutes(Route.newBuilder()
                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                        .setDirectResponse(DirectResponseAction.newBuilder().setStatus(status)))
                .build();
    }

    private static ScopedRouteConfiguration onDemand(String name, String key, String routes) {
        return scope(name, key, routes).toBuilder().setOnDemand(true).build();
    }

    private static ScopedRouteConfiguration scope(String name, String key, String routes) {
        return ScopedRouteConfiguration.newBuilder()
                .setName(name)
                .setRouteConfigurationName(routes)
                .setKey(ScopedRouteConfiguration.Key.newBuilder()
                        .addFragments(ScopedRouteConfiguration.Key.Fragment.newBuilder()
                                .setStringKey(key)))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void requestsAreRoutedByTheScopeOfTheirHost(String apiType) throws Exception {
        try (var plane = OwnPlane.start()) {
            plane.set("one", routes("one", 201));
            plane.set("two", routes("two", 202));
            plane.set("a", scope("a", "127.0.0.1", "one"));
            plane.set("b", scope("b", "other", "two"));
            try (var proxy = Proxy.of(Proxy.ads(apiType) + Proxy.plane(plane.port()) + LISTENER)
                    .awaitStart()) {
                assertThat(proxy.get("in")).isEqualTo("201 ");
                assertThat(proxy.stat("http.http.scoped_rds.scoped.all_scopes")).isEqualTo(2);
                assertThat(proxy.stat("http.http.scoped_rds.scoped.active_scopes"))
                        .isEqualTo(2);
                assertThat(proxy.stat("http.http.rds.one.update_success")).isPositive();

                plane.set("a", scope("a", "127.0.0.1", "two"));
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(proxy.get("in")).isEqualTo("202 "));

                plane.remove(OwnPlane.typeUrl(ScopedRouteConfiguration.getDefaultInstance()), "a");
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(proxy.get("in")).isEqualTo("404 "));
            }
        }
    }

    @Test
    void routesOnDemandAreFetchedWhenARequestAsksForThem() throws Exception {
        try (var plane = OwnPlane.start()) {
            plane.set("one", routes("one", 201));
            plane.set("a", onDemand("a", "127.0.0.1", "one"));
            try (var proxy = Proxy.of(Proxy.ads("DELTA_GRPC") + Proxy.plane(plane.port()) + LISTENER)
                    .awaitStart()) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> proxy.stat("http.http.scoped_rds.scoped.on_demand_scopes") == 1);
                assertThat(plane.deltaRequests)
                        .noneMatch(request ->
                                request.getResourceNamesSubscribeList().contains("one"));

                assertThat(proxy.get("in")).isEqualTo("201 ");
                assertThat(proxy.get("in")).isEqualTo("201 ");

                plane.set("a", onDemand("a", "127.0.0.1", "missing"));
                plane.remove(OwnPlane.typeUrl(ScopedRouteConfiguration.getDefaultInstance()), "a");
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(proxy.get("in")).isEqualTo("404 "));
                plane.set("a", onDemand("a", "127.0.0.1", "missing"));
                assertThat(proxy.get("in")).isEqualTo("404 ");
            }
        }
    }
}
