package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.tests.xds.Plane;
import dev.starling.tests.xds.Snapshots;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Path envoy = BothProxies.requireEnvoy(EnvoyOnRelayIT.class);
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
