package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.tests.xds.Plane;
import dev.starling.tests.xds.Snapshots;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real Envoy lives on what Starling relays, as {@code examples/xds/relay.yaml} has it: it takes all of it, and what
 * changes. Left out, with a line that says so, where there is no Envoy.
 */
@Timeout(120)
class EnvoyOnRelayIT {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void takesAllThatIsRelayed(String apiType) throws Exception {
        Path envoy = EnvoyBinary.require(EnvoyOnRelayIT.class);
        try (var first = new ScriptedUpstream(false);
                var second = new ScriptedUpstream(false);
                var plane = Plane.start()) {
            first.answer("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nfirst");
            second.answer("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecond");
            plane.set(Snapshots.aggregated().all("1", first.port()));
            try (var relay = ProxyProcess.starling(
                            folder.resolve("relay"), example("relay.yaml", plane.port(), apiType));
                    var client = ProxyProcess.envoy(
                            envoy,
                            folder.resolve("client"),
                            example("bootstrap.yaml", relay.listener("xds").getPort(), apiType))) {
                InetSocketAddress in = client.listener("in");
                assertThat(get(in)).endsWith("first");

                plane.set(Snapshots.aggregated().all("2", second.port()));

                Awaitility.await("the second")
                        .atMost(20, TimeUnit.SECONDS)
                        .untilAsserted(() -> assertThat(get(in)).endsWith("second"));
                assertThat(relay.stats())
                        .containsEntry("xds_relay.streams_active", 1L)
                        .containsKey("xds_relay.responses_accepted")
                        .doesNotContainKey("xds_relay.responses_refused");
                assertThat(client.stats()).doesNotContainKey("cluster_manager.cds.update_rejected");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void eachTakesWhatItsGroupIsServed(String apiType) throws Exception {
        Path envoy = EnvoyBinary.require(EnvoyOnRelayIT.class);
        try (var first = new ScriptedUpstream(false);
                var second = new ScriptedUpstream(false);
                var plane = Plane.start()) {
            first.answer("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nfirst");
            second.answer("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecond");
            plane.set(twoGroups("1", first.port(), second.port()));
            String groups =
                    example("relay.yaml", plane.port(), apiType).replace("XdsRelay\n", "XdsRelay\n" + """
                    value:
                      groups:
                      - {name: a, nodes: [{id: {exact: a}}], resources: [{name: {prefix: a-}}]}
                      - {name: b, nodes: [{id: {exact: b}}], resources: [{name: {prefix: b-}}]}
                    """.indent(14));
            try (var relay = ProxyProcess.starling(folder.resolve("relay"), groups);
                    var a = client(envoy, relay, "a", apiType);
                    var b = client(envoy, relay, "b", apiType)) {
                assertThat(get(a.listener("a-in"))).endsWith("first");
                assertThat(get(b.listener("b-in"))).endsWith("second");
                assertThat(a.stats()).containsEntry("cluster_manager.active_clusters", 2L);
                Long updates = a.stats().getOrDefault("cluster.a-upstream.update_success", 0L);

                plane.set(twoGroups("2", first.port(), first.port()));

                Awaitility.await("the first")
                        .atMost(20, TimeUnit.SECONDS)
                        .untilAsserted(() -> assertThat(get(b.listener("b-in"))).endsWith("first"));
                assertThat(a.stats())
                        .containsEntry("cluster.a-upstream.update_success", updates)
                        .containsEntry("listener_manager.total_listeners_active", 1L)
                        .doesNotContainKey("cluster_manager.cds.update_rejected");
                assertThat(relay.stats())
                        .containsEntry("xds_relay.streams_active", 2L)
                        .doesNotContainKey("xds_relay.responses_refused");
            }
        }
    }

    private ProxyProcess client(Path envoy, ProxyProcess relay, String id, String apiType) throws IOException {
        return ProxyProcess.envoy(
                envoy,
                folder.resolve(id),
                example("bootstrap.yaml", relay.listener("xds").getPort(), apiType)
                        .replaceFirst("node: \\{id: [^,]*", "node: {id: " + id));
    }

    private static Snapshot twoGroups(String version, int a, int b) {
        Snapshots ads = Snapshots.aggregated();
        return Snapshots.of(
                version,
                List.of(ads.cluster("a-upstream"), ads.cluster("b-upstream")),
                List.of(Snapshots.endpoints("a-upstream", a), Snapshots.endpoints("b-upstream", b)),
                List.of(ads.listener("a-in", 0, "a-routes"), ads.listener("b-in", 0, "b-routes")),
                List.of(Snapshots.routes("a-routes", "a-upstream"), Snapshots.routes("b-routes", "b-upstream")));
    }

    private static String example(String name, int planePort, String apiType) throws IOException {
        return Files.readString(Path.of("../examples/xds", name))
                .replace("port_value: 18000", "port_value: " + planePort)
                .replace("api_type: DELTA_GRPC", "api_type: " + apiType)
                .replace("address: localhost", "address: 127.0.0.1")
                .replaceAll("port_value: (990\\d|15010)", "port_value: 0");
    }

    private static String get(InetSocketAddress listener) throws IOException {
        try (var socket = new Socket(listener.getAddress(), listener.getPort())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
