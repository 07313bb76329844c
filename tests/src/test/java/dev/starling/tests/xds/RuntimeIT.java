package dev.starling.tests.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.runtime.v3.Runtime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A layer of the runtime from a control plane changes what routes match. */
@Timeout(120)
class RuntimeIT {

    private static final String LAYERS = """
              cds_config: {ads: {}, resource_api_version: V3}
            layered_runtime:
              layers:
              - {name: base, static_layer: {flag: 100}}
              - {name: plane, rtds_layer: {name: r, rtds_config: {ads: {}, resource_api_version: V3}}}
            """;

    private static final String LISTENER = Proxy.listener("in", """
            route_config:
              name: routes
              virtual_hosts:
              - name: all
                domains: ["*"]
                routes:
                - match: {prefix: /, runtime_fraction: {default_value: {numerator: 0}, runtime_key: flag}}
                  direct_response: {status: 200, body: {inline_string: "on"}}
                - {match: {prefix: /}, direct_response: {status: 200, body: {inline_string: "off"}}}
            http_filters:
            - name: router
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
            """);

    private static Runtime flag(int percent) {
        return Runtime.newBuilder()
                .setName("r")
                .setLayer(Struct.newBuilder()
                        .putFields(
                                "flag",
                                Value.newBuilder().setNumberValue(percent).build()))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void comesBeforeAllElseAndIsFollowed(String apiType) throws Exception {
        try (var plane = OwnPlane.start();
                var proxy = Proxy.of(Proxy.ads(apiType) + LAYERS + Proxy.plane(plane.port()) + LISTENER)) {
            // State of the world cannot say that there is none, so it is waited for.
            if (apiType.equals("GRPC")) {
                await().atMost(Duration.ofSeconds(20)).until(() -> !plane.requests.isEmpty());
                assertThat(proxy.isStarted()).isFalse();
            }
            plane.set("r", flag(0));
            proxy.awaitStart();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(proxy.get("in")).isEqualTo("200 off"));
            assertThat(types(plane)).startsWith(OwnPlane.typeUrl(Runtime.getDefaultInstance()));
            assertThat(types(plane)).contains(OwnPlane.typeUrl(Cluster.getDefaultInstance()));

            plane.set("r", flag(100));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(proxy.get("in")).isEqualTo("200 on"));
            assertThat(proxy.stat("runtime.update_success")).isPositive();
            assertThat(proxy.stat("runtime.num_layers")).isEqualTo(2);
        }
    }

    private static List<String> types(OwnPlane plane) {
        return Stream.concat(
                        plane.requests.stream().map(DiscoveryRequest::getTypeUrl),
                        plane.deltaRequests.stream().map(DeltaDiscoveryRequest::getTypeUrl))
                .toList();
    }
}
