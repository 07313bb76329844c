package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.starling.tests.xds.OwnPlane;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.Vhds;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Virtual hosts that come one by one (VHDS) and scopes whose routes are asked for, in the real Envoy and in Starling. */
@Timeout(180)
class RoutesOnDemandSameAsEnvoyIT {

    private static final int LINES = 10;

    @TempDir
    Path folder;

    private static VirtualHost host(String name, String domain, int status) {
        return VirtualHost.newBuilder()
                .setName(name)
                .addDomains(domain)
                .addRoutes(Route.newBuilder()
                        .setName(name)
                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                        .setDirectResponse(DirectResponseAction.newBuilder().setStatus(status)))
                .build();
    }

    private static ScopedRouteConfiguration scope(String name, boolean onDemand) {
        return ScopedRouteConfiguration.newBuilder()
                .setName(name)
                .setOnDemand(onDemand)
                .setRouteConfigurationName("r-" + name)
                .setKey(ScopedRouteConfiguration.Key.newBuilder()
                        .addFragments(ScopedRouteConfiguration.Key.Fragment.newBuilder()
                                .setStringKey(name)))
                .build();
    }

    private static void serve(OwnPlane plane) {
        plane.set(
                "routes",
                RouteConfiguration.newBuilder()
                        .setName("routes")
                        .addVirtualHosts(host("own", "own", 200))
                        .setVhds(Vhds.newBuilder()
                                .setConfigSource(
                                        ConfigSource.newBuilder().setAds(AggregatedConfigSource.getDefaultInstance())))
                        .build());
        plane.set("routes/all", host("all", "all", 201));
        plane.set("others/all", host("all", "others", 209));
        plane.onDemand(name -> switch (name) {
            case "routes/found" -> Optional.of(alias("routes/by-another-name", name, host("found", "found", 203)));
            case "routes/another" -> Optional.of(alias("routes/with-another", name, host("other", "not-that", 204)));
            case "routes/nowhere" ->
                Optional.of(Resource.newBuilder().setName(name).addAliases(name).build());
            default -> Optional.empty();
        });
        for (String name : new String[] {"asked", "eager"}) {
            plane.set(name, scope(name, name.equals("asked")));
            plane.set(
                    "r-" + name,
                    RouteConfiguration.newBuilder()
                            .setName("r-" + name)
                            .addVirtualHosts(host(name, "*", 211))
                            .build());
        }
    }

    private static Resource alias(String name, String alias, VirtualHost host) {
        return Resource.newBuilder()
                .setName(name)
                .setVersion("1")
                .addAliases(alias)
                .setResource(Any.pack(host))
                .build();
    }

    private static String answers(ProxyProcess proxy) throws IOException {
        return String.join(
                "\n",
                proxy.status("hosts", "host: own"),
                proxy.status("hosts", "host: all"),
                proxy.status("hosts", "host: found"),
                proxy.status("hosts", "host: FOUND"),
                proxy.status("hosts", "host: nowhere"),
                proxy.status("hosts", "host: another"),
                proxy.status("scopes", "host: asked"),
                proxy.status("scopes", "host: asked"),
                proxy.status("scopes", "host: eager"),
                proxy.status("scopes", "host: none"));
    }

    private static String stats(ProxyProcess proxy) throws IOException {
        return proxy.get("/stats?filter=scoped_rds.*_scopes%7Cvhds.routes.(version%7Cupdate_rejected)");
    }

    @Test
    void asksForAndFollowsTheSame() throws IOException {
        Path envoy = EnvoyBinary.require(getClass());
        try (OwnPlane plane = OwnPlane.start()) {
            serve(plane);
            try (BothProxies proxies = BothProxies.start(
                    envoy, folder, "routes-on-demand-bootstrap.yaml", Map.of("plane", plane.port()))) {
                assertThat(answers(proxies.starling())).isEqualTo(answers(proxies.envoy()));
                proxies.assertAlike(proxy -> proxy.awaitLines("log.txt", LINES));

                plane.set("routes/all", host("all", "all", 202));
                Awaitility.await()
                        .atMost(30, TimeUnit.SECONDS)
                        .until(() ->
                                proxies.envoy().status("hosts", "host: all").contains(" 202 ")
                                        && proxies.starling()
                                                .status("hosts", "host: all")
                                                .contains(" 202 "));
                proxies.assertAlike(RoutesOnDemandSameAsEnvoyIT::stats);
            }
        }
    }
}
