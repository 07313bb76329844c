package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The cases of gRPC's Go client through Starling. Left out, with a line that says so, where Go cannot build the client. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoInteropIT {

    static final List<String> CASES = List.of(
            "empty_unary",
            "large_unary",
            "client_streaming",
            "server_streaming",
            "ping_pong",
            "empty_stream",
            "timeout_on_sleeping_server",
            "cancel_after_begin",
            "cancel_after_first_response",
            "status_code_and_message",
            "special_status_message",
            "custom_metadata",
            "unimplemented_method",
            "unimplemented_service");

    private static final String CLIENT = "google.golang.org/grpc/interop/client@v1.81.0";

    @TempDir
    static Path folder;

    private Path client;
    private InteropCertificates certificates;
    private InteropProxy proxy;

    @BeforeAll
    void start() throws Exception {
        Optional<Path> built = go().flatMap(GoInteropIT::build);
        if (built.isEmpty()) {
            System.err.println("GoInteropIT is LEFT OUT: there is no Go, or it could not build " + CLIENT);
        }
        assumeTrue(built.isPresent(), "no Go client here");
        client = built.orElseThrow();
        certificates = InteropCertificates.write(folder);
        proxy = InteropProxy.start(folder, certificates);
    }

    @AfterAll
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void passesInTheClear(String name) throws Exception {
        run(proxy.listener("clear"), name);
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void passesOverTlsOnBothSides(String name) throws Exception {
        run(
                proxy.listener("secure-to-secure"),
                name,
                "--use_tls",
                "--use_test_ca",
                "--ca_file=" + certificates.authority(),
                "--server_host_override=" + InteropCertificates.NAME);
    }

    private void run(InetSocketAddress address, String name, String... flags) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                client.toString(),
                "--server_host=" + address.getHostString(),
                "--server_port=" + address.getPort(),
                "--test_case=" + name));
        command.addAll(List.of(flags));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    private static Optional<Path> go() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Arrays.stream(path.split(":")), Stream.of("/usr/local/go/bin"))
                .map(each -> Path.of(each, "go"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Optional<Path> build(Path go) {
        Path bin = Path.of("target/go").toAbsolutePath();
        Path built = bin.resolve("client");
        if (Files.isExecutable(built)) {
            return Optional.of(built);
        }
        ProcessBuilder command = new ProcessBuilder(go.toString(), "install", CLIENT).inheritIO();
        command.environment().put("GOBIN", bin.toString());
        try {
            return command.start().waitFor() == 0 ? Optional.of(built) : Optional.empty();
        } catch (IOException | InterruptedException failure) {
            System.err.println("cannot build " + CLIENT + ": " + failure);
            return Optional.empty();
        }
    }
}
