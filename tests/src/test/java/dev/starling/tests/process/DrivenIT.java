package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.starling.tests.xds.Plane;
import dev.starling.tests.xds.Snapshots;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real process and a control plane: what it says while it waits, and of what has come. */
@Timeout(120)
class DrivenIT {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    @TempDir
    Path folder;

    private StarlingProcess start(int planePort) throws Exception {
        Path bootstrap = Files.writeString(folder.resolve("envoy.yaml"), """
                node: {id: test-id, cluster: test-cluster}
                admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
                dynamic_resources:
                  ads_config:
                    api_type: DELTA_GRPC
                    transport_api_version: V3
                    grpc_services: [{envoy_grpc: {cluster_name: plane}}]
                  cds_config: {ads: {}, initial_fetch_timeout: 0s}
                  lds_config: {ads: {}, initial_fetch_timeout: 0s}
                static_resources:
                  clusters:
                  - name: plane
                    connect_timeout: 1s
                    typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config: {http2_protocol_options: {}}
                    load_assignment:
                      cluster_name: plane
                      endpoints:
                      - lb_endpoints:
                        - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
                """.formatted(planePort));
        return StarlingProcess.run(
                folder,
                List.of(),
                "-c",
                bootstrap.toString(),
                "--concurrency",
                "1",
                "--admin-address-path",
                folder.resolve("admin").toString());
    }

    private static void awaitAdmin(StarlingProcess starling, String path, String text) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(starling.admin(path)).contains(text));
    }

    @Test
    void waitsForTheControlPlaneAndShowsWhatHasCome() throws Exception {
        try (var plane = Plane.start();
                var upstream = new WireServer(wire -> {
                    for (String head = wire.head(); !head.isEmpty(); head = wire.head()) {
                        wire.send(OK);
                    }
                });
                var starling = start(plane.port())) {
            awaitAdmin(starling, "/init_dump", "CDS");
            assertThat(starling.admin("/ready")).isEqualTo("PRE_INITIALIZING\n");

            plane.set(Snapshots.aggregated().all("v1", upstream.port()));

            awaitAdmin(starling, "/ready", "LIVE");
            try (var wire = Wire.connect(starling.listener("in"))) {
                assertThat(wire.get("/").response()).endsWith("ok");
            }
            assertThat(starling.admin("/config_dump?resource=dynamic_active_clusters"))
                    .contains("\"name\": \"upstream\"", "\"version_info\": ");
            assertThat(starling.admin("/config_dump?resource=dynamic_listeners"))
                    .contains("\"name\": \"in\"");
            assertThat(starling.admin("/config_dump?resource=dynamic_route_configs"))
                    .contains("\"name\": \"routes\"");
            assertThat(starling.admin("/config_dump?include_eds&resource=dynamic_endpoint_configs"))
                    .contains("\"cluster_name\": \"upstream\"");
            assertThat(starling.admin("/clusters")).contains("upstream::added_via_api::true");
            assertThat(starling.admin("/actors/xds")).contains("envoy.config.endpoint.v3.ClusterLoadAssignment");
            assertThat(starling.stat("control_plane.connected_state")).isOne();
            assertThat(starling.admin("/init_dump")).doesNotContain("LDS");
        }
    }

    @Test
    void endsWhenItIsToldToWhileItWaits() throws Exception {
        try (var plane = Plane.start();
                var starling = start(plane.port())) {
            awaitAdmin(starling, "/init_dump", "CDS");

            starling.terminate();

            starling.exit();
            assertThat(starling.isAlive()).isFalse();
        }
    }
}
