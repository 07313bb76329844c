package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.starling.tests.envoy.EnvoyBinary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections that iptables redirects find their way to where they were meant to go. The real Envoy is asked too, where
 * {@code ENVOY} names one. Left out, with a line that says so, where there may be no network namespace.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedirectIT {

    private static final Path JAR = Path.of("../launcher/target/starling-launcher.jar");

    @TempDir
    static Path folder;

    private Optional<NetworkNamespace> created = Optional.empty();

    @BeforeAll
    void isolate() throws IOException {
        created = NetworkNamespace.create();
        if (created.isEmpty()) {
            System.err.println("RedirectIT is LEFT OUT: it needs ip netns and iptables, as root");
        }
        assumeTrue(created.isPresent(), "no network namespace here");
        NetworkNamespace namespace = created.orElseThrow();
        for (String address : List.of("10.9.9.8/32", "10.9.9.9/32", "fd00::9/128")) {
            namespace.run("ip", "address", "add", address, "dev", "lo");
        }
        for (String table : List.of("iptables", "ip6tables")) {
            namespace.run(
                    table,
                    "-t",
                    "nat",
                    "-A",
                    "OUTPUT",
                    "-p",
                    "tcp",
                    "--dport",
                    "9998:9999",
                    "-j",
                    "REDIRECT",
                    "--to-ports",
                    "15001");
        }
    }

    @AfterAll
    void leave() throws IOException {
        if (created.isPresent()) {
            created.get().close();
        }
    }

    @Test
    void goesWhereTheClientMeantToGo() throws Exception {
        assertThat(answers(List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-jar",
                        JAR.toAbsolutePath().normalize().toString())))
                .isEqualTo(expected());
    }

    @Test
    void goesWhereEnvoyGoes() throws Exception {
        Path envoy = EnvoyBinary.require(getClass());

        assertThat(answers(List.of(envoy.toString(), "--use-dynamic-base-id", "-l", "error")))
                .isEqualTo(expected());
    }

    private static List<String> expected() {
        return List.of(
                "handed over to the listener of the address",
                "handed over to the listener of the port",
                "served by 10.9.9.9:8888",
                "served by [fd00::9]:8888",
                "served by 10.9.9.9:8888",
                "down=10.9.9.9:9999 up=10.9.9.9:8888");
    }

    private List<String> answers(List<String> proxy) throws Exception {
        NetworkNamespace namespace = created.orElseThrow();
        Path log = Files.createTempFile(folder, "tcp", ".log");
        Path config;
        try (var resource = RedirectIT.class.getResourceAsStream("redirect-bootstrap.yaml")) {
            config = Files.writeString(
                    Files.createTempFile(folder, "bootstrap", ".yaml"),
                    new String(resource.readAllBytes(), StandardCharsets.UTF_8).replace("{log}", log.toString()));
        }
        List<String> command = new ArrayList<>(proxy);
        command.addAll(List.of("-c", config.toString(), "--concurrency", "1", "--file-flush-interval-msec", "10"));
        Process process = new ProcessBuilder(namespace.inside(command))
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile(folder, "proxy", ".out").toFile())
                .start();
        try {
            Awaitility.await("it serves")
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(100))
                    .ignoreExceptions()
                    .until(() -> ask(
                                    namespace,
                                    "127.0.0.1",
                                    9901,
                                    "GET /ready HTTP/1.1\\r\\nhost: a\\r\\nconnection: close\\r\\n\\r\\n")
                            .contains("LIVE"));
            String overridden = ask(
                    namespace,
                    "127.0.0.1",
                    8080,
                    "GET / HTTP/1.1\\r\\nhost: a\\r\\nx-to: 10.9.9.9:1\\r\\n" + "connection: close\\r\\n\\r\\n");
            List<String> answers = List.of(
                    ask(namespace, "10.9.9.8", 9999, ""),
                    ask(namespace, "10.9.9.9", 9998, ""),
                    ask(namespace, "10.9.9.9", 9999, ""),
                    ask(namespace, "fd00::9", 9999, ""),
                    overridden.substring(overridden.indexOf("served")).strip(),
                    Awaitility.await("a line")
                            .until(() -> Files.readAllLines(log), lines -> !lines.isEmpty())
                            .getFirst());
            return answers;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** What comes until the connection ends. */
    private static String ask(NetworkNamespace namespace, String host, int port, String question) throws IOException {
        return namespace.run(
                "bash",
                "-c",
                "exec 3<>/dev/tcp/" + host + "/" + port + "; printf '" + question + "' >&3; timeout 5 cat <&3");
    }
}
