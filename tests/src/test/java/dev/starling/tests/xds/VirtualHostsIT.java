package dev.starling.tests.xds;

import static dev.starling.tests.xds.ScopedRoutesIT.virtualHost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.Vhds;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Virtual hosts of a route configuration that come one by one, all at once or when a request asks for them. */
@Timeout(120)
class VirtualHostsIT {

    private static final String HOSTS = OwnPlane.typeUrl(VirtualHost.getDefaultInstance());

    private static final String LISTENER = Proxy.listener("in", """
            strip_any_host_port: true
            rds: {route_config_name: routes, config_source: {ads: {}, resource_api_version: V3}}
            http_filters:
            - name: on-demand
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.on_demand.v3.OnDemand
            - name: router
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
            """);

    private static final ConfigSource ADS = ConfigSource.newBuilder()
            .setAds(AggregatedConfigSource.getDefaultInstance())
            .build();

    private OwnPlane plane;

    @BeforeEach
    void start() throws Exception {
        plane = OwnPlane.start();
        plane.set(
                "routes",
                RouteConfiguration.newBuilder()
                        .setName("routes")
                        .addVirtualHosts(virtualHost("own", "own", 200))
                        .setVhds(Vhds.newBuilder().setConfigSource(ADS))
                        .build());
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private Proxy proxy() throws Exception {
        return Proxy.of(Proxy.ads("DELTA_GRPC") + Proxy.plane(plane.port()) + LISTENER)
                .awaitStart();
    }

    private static void eventually(Runnable holds) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(holds::run);
    }

    @Test
    void allThatThereAreAreWaitedForAndFollowed() throws Exception {
        plane.set("routes/all", virtualHost("all", "127.0.0.1", 201));
        plane.set("others/all", virtualHost("all", "*", 209));
        try (var proxy = proxy()) {
            assertThat(proxy.get("in")).isEqualTo("201 ");
            assertThat(proxy.stat("http.http.rds.vhds.routes.update_success")).isPositive();

            plane.set("routes/all", virtualHost("all", "127.0.0.1", 202));
            eventually(() -> assertThat(proxy.get("in")).isEqualTo("202 "));

            plane.remove(HOSTS, "routes/all");
            eventually(() -> assertThat(proxy.get("in")).isEqualTo("404 "));
        }
    }

    @Test
    void aRequestWaitsForTheHostThatItAsksFor() throws Exception {
        plane.onDemand(name -> name.equals("routes/127.0.0.1")
                ? Optional.of(Resource.newBuilder()
                        .setName("routes/found")
                        .setVersion("1")
                        .addAliases(name)
                        .setResource(Any.pack(virtualHost("found", "127.0.0.1", 203)))
                        .build())
                : Optional.empty());
        try (var proxy = proxy()) {
            assertThat(proxy.get("in")).isEqualTo("203 ");
            assertThat(asked()).isEqualTo(1);
            assertThat(proxy.get("in")).isEqualTo("203 ");
            assertThat(asked()).isEqualTo(1);
        }
    }

    @Test
    void aHostThatIsNotThereIsNotFoundAndMayBeAskedForAgain() throws Exception {
        try (var proxy = proxy()) {
            assertThat(proxy.get("in")).isEqualTo("404 ");
            assertThat(proxy.get("in")).isEqualTo("404 ");
            assertThat(asked()).isEqualTo(2);
        }
    }

    @Test
    void anAliasThatLeadsNowhereIsNotFound() throws Exception {
        plane.onDemand(name ->
                Optional.of(Resource.newBuilder().setName(name).addAliases(name).build()));
        try (var proxy = proxy()) {
            assertThat(proxy.get("in")).isEqualTo("404 ");
        }
    }

    private long asked() {
        return plane.deltaRequests.stream()
                .filter(request -> request.getTypeUrl().equals(HOSTS))
                .map(DeltaDiscoveryRequest::getResourceNamesSubscribeList)
                .filter(names -> names.contains("routes/127.0.0.1"))
                .count();
    }
}
