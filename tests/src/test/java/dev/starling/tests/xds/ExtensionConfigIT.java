package dev.starling.tests.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An HTTP filter whose configuration comes from a control plane: here one that answers health checks at a path. */
@Timeout(120)
class ExtensionConfigIT {

    private static final String LISTENER = Proxy.listener("in", """
            route_config:
              name: routes
              virtual_hosts:
              - {name: all, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 201}}]}
            http_filters:
            - name: probe
              config_discovery:
                config_source: {ads: {}, resource_api_version: V3}
                type_urls: [type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck]
            - name: router
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
            """);

    private static TypedExtensionConfig answering(String path) {
        return TypedExtensionConfig.newBuilder()
                .setName("probe")
                .setTypedConfig(Any.pack(HealthCheck.newBuilder()
                        .setPassThroughMode(BoolValue.of(false))
                        .addHeaders(HeaderMatcher.newBuilder()
                                .setName(":path")
                                .setStringMatch(StringMatcher.newBuilder().setExact(path)))
                        .build()))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void aListenerWaitsForItAndRequestsFollowIt(String apiType) throws Exception {
        try (var plane = OwnPlane.start()) {
            plane.set("probe", answering("/"));
            try (var proxy = Proxy.of(Proxy.ads(apiType) + Proxy.plane(plane.port()) + LISTENER)
                    .awaitStart()) {
                assertThat(proxy.get("in")).isEqualTo("200 ");

                plane.set("probe", answering("/other"));
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(proxy.get("in")).isEqualTo("201 "));
                assertThat(proxy.stat("extension_config_discovery.http_filter.probe.config_reload"))
                        .isEqualTo(2);
            }
        }
    }
}
