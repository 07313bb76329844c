package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Envoy's documentation tells people to run, and how control planes start it. */
@Timeout(60)
class EnvoysFilesIT {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    @TempDir
    Path folder;

    @Test
    void runsTheStaticExample() throws Exception {
        try (var upstream = WireServer.answering(OK);
                var starling = StarlingProcess.serve(folder, List.of(), example(upstream.port()));
                var client = Wire.connect(starling.listener("listener_0"))) {
            assertThat(client.get("/").response())
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("\r\nserver: envoy\r\n")
                    .endsWith("ok");
            assertThat(starling.stat("http.ingress_http.downstream_rq_2xx")).isEqualTo(1);
        }
    }

    @Test
    void takesTheQuickStart() throws Exception {
        Path file = Files.writeString(folder.resolve("envoy-demo.yaml"), resource("envoy-demo.yaml"));

        try (var starling = StarlingProcess.run(folder, List.of(), "-c", file.toString(), "--mode", "validate")) {
            int exit = starling.exit();
            assertThat(exit).as(starling.err()).isZero();
        }
    }

    @Test
    void startsAsIstiosAgentStartsEnvoy() throws Exception {
        try (var upstream = WireServer.answering(OK);
                var starling = StarlingProcess.serve(
                        folder,
                        List.of(),
                        example(upstream.port()),
                        "--drain-time-s",
                        "45",
                        "--drain-strategy",
                        "immediate",
                        "--local-address-ip-version",
                        "v4",
                        "--file-flush-interval-msec",
                        "1000",
                        "--disable-hot-restart",
                        "--allow-unknown-static-fields",
                        "--file-flush-min-size-kb",
                        "1",
                        "-l",
                        "warning",
                        "--component-log-level",
                        "misc:error",
                        "--skip-deprecated-logs",
                        "--config-yaml",
                        "{\"node\": {\"id\": \"sidecar~10.0.0.1~a.b~b.svc\"}}");
                var client = Wire.connect(starling.listener("listener_0"))) {
            assertThat(client.get("/").response()).endsWith("ok");
            assertThat(starling.admin("/server_info"))
                    .contains("sidecar~10.0.0.1~a.b~b.svc")
                    .containsPattern("\"drain_time\": *\"45s\"");
            assertThat(starling.err()).isEmpty();
        }
    }

    @Test
    void startsAsEnvoyGatewayStartsEnvoy() throws Exception {
        Path admin = folder.resolve("admin");
        try (var upstream = WireServer.answering(OK);
                var starling = StarlingProcess.serveWith(
                        folder,
                        List.of(),
                        "--service-cluster",
                        "default/eg",
                        "--service-node",
                        "envoy-default-eg-5d",
                        "--config-yaml",
                        example(upstream.port()),
                        "--log-level",
                        "warn",
                        "--cpuset-threads",
                        "--drain-strategy",
                        "immediate",
                        "--component-log-level",
                        "admin:debug,upstream:trace",
                        "--drain-time-s",
                        "60",
                        "--admin-address-path",
                        admin.toString());
                var client = Wire.connect(starling.listener("listener_0"))) {
            assertThat(client.get("/").response()).endsWith("ok");
            assertThat(starling.admin("/server_info")).contains("envoy-default-eg-5d", "default/eg");
        }
    }

    /** Unchanged but for the ports. */
    private static String example(int upstream) throws IOException {
        return resource("static-example.yaml")
                .replace("port_value: 9901", "port_value: 0")
                .replace("port_value: 10000", "port_value: 0")
                .replace("port_value: 1234", "port_value: " + upstream);
    }

    private static String resource(String name) throws IOException {
        try (var file = EnvoysFilesIT.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
