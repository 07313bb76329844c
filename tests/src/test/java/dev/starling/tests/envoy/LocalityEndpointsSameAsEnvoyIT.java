package dev.starling.tests.envoy;

import com.google.protobuf.UInt32Value;
import dev.starling.tests.xds.OwnPlane;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LedsClusterLocalityConfig;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints of localities that come one by one (LEDS), in the real Envoy and in Starling. */
@Timeout(180)
class LocalityEndpointsSameAsEnvoyIT {

    private static final String FIRST = "xdstp://plane/envoy.config.endpoint.v3.LbEndpoint/first/";
    private static final String SECOND = "xdstp://plane/envoy.config.endpoint.v3.LbEndpoint/second/";
    private static final String ENDPOINTS = OwnPlane.typeUrl(LbEndpoint.getDefaultInstance());

    @TempDir
    Path folder;

    private static LbEndpoint endpoint(int port, HealthStatus health) {
        return LbEndpoint.newBuilder()
                .setHealthStatus(health)
                .setEndpoint(Endpoint.newBuilder()
                        .setAddress(Address.newBuilder()
                                .setSocketAddress(SocketAddress.newBuilder()
                                        .setAddress("127.0.0.1")
                                        .setPortValue(port))))
                .build();
    }

    private static LocalityLbEndpoints.Builder locality(String region) {
        return LocalityLbEndpoints.newBuilder()
                .setLocality(Locality.newBuilder().setRegion(region))
                .setLoadBalancingWeight(UInt32Value.of(1));
    }

    private static LocalityLbEndpoints collection(String region, String folder) {
        return locality(region)
                .setLedsClusterLocalityConfig(LedsClusterLocalityConfig.newBuilder()
                        .setLedsConfig(ConfigSource.newBuilder().setAds(AggregatedConfigSource.getDefaultInstance()))
                        .setLedsCollectionName(folder + "*"))
                .build();
    }

    private static ClusterLoadAssignment assignment(LocalityLbEndpoints... localities) {
        return ClusterLoadAssignment.newBuilder()
                .setClusterName("e")
                .addAllEndpoints(List.of(localities))
                .build();
    }

    /** Address, health and region of each endpoint. */
    private static String members(ProxyProcess proxy) throws IOException {
        return proxy.get("/clusters")
                .lines()
                .filter(line -> line.matches("e::.*::(health_flags|region|weight)::.*"))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static void await(BothProxies proxies, String member, boolean there) {
        Awaitility.await(member)
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> members(proxies.envoy()).contains(member) == there
                        && members(proxies.starling()).contains(member) == there);
        try {
            proxies.assertAlike(LocalityEndpointsSameAsEnvoyIT::members);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void followsCollectionsInTheSameWay() throws IOException {
        Path envoy = EnvoyBinary.require(getClass());
        try (OwnPlane plane = OwnPlane.start()) {
            plane.set(FIRST + "a", endpoint(1001, HealthStatus.UNKNOWN));
            plane.set(FIRST + "b", endpoint(1002, HealthStatus.UNKNOWN));
            plane.set(SECOND + "z", endpoint(2001, HealthStatus.UNKNOWN));
            plane.set("e", assignment(collection("one", FIRST)));
            try (BothProxies proxies =
                    BothProxies.start(envoy, folder, "leds-bootstrap.yaml", Map.of("plane", plane.port()))) {
                await(proxies, "e::127.0.0.1:1002::", true);

                plane.set(FIRST + "c", endpoint(1003, HealthStatus.UNHEALTHY));
                await(proxies, "e::127.0.0.1:1003::health_flags::/failed_eds_health", true);
                plane.set(FIRST + "c", endpoint(1003, HealthStatus.HEALTHY));
                await(proxies, "e::127.0.0.1:1003::health_flags::healthy", true);
                plane.remove(ENDPOINTS, FIRST + "a");
                await(proxies, "e::127.0.0.1:1001::", false);

                plane.set("e", assignment(collection("one", FIRST), collection("two", SECOND)));
                await(proxies, "e::127.0.0.1:2001::region::two", true);
                plane.set("e", assignment(collection("two", SECOND)));
                await(proxies, "e::127.0.0.1:1002::", false);
                plane.set("e", assignment(collection("two", FIRST)));
                await(proxies, "e::127.0.0.1:1002::region::two", true);
                plane.set(
                        "e",
                        assignment(locality("three")
                                .addLbEndpoints(endpoint(3001, HealthStatus.UNKNOWN))
                                .build()));
                await(proxies, "e::127.0.0.1:3001::region::three", true);
            }
        }
    }
}
