package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A browser opens the page of {@code browser.yaml}, and the page a WebSocket, through the real process. Left out, with a line
 * that says so, where there is no Chromium.
 */
@Timeout(180)
class BrowserIT {

    private static final List<String> NAMES =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run");

    private Path chromium;

    @TempDir
    Path folder;

    @BeforeEach
    void find() {
        Optional<Path> found = Stream.of(NAMES.toArray(String[]::new))
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            System.err.println("BrowserIT is LEFT OUT: there is no Chromium in " + NAMES);
        }
        assumeTrue(found.isPresent(), "no Chromium here");
        chromium = found.orElseThrow();
    }

    @Test
    void opensAWebSocketInABrowser() throws Exception {
        try (WebSocketEcho echo = new WebSocketEcho();
                StarlingProcess starling = StarlingProcess.serve(
                        folder, List.of(), bootstrap(echo.port()), "--file-flush-interval-msec", "10")) {
            InetSocketAddress address = starling.listener("in");
            Process browser = open("http://127.0.0.1:" + address.getPort() + "/");
            try {
                assertThat(echo.posted().poll(120, TimeUnit.SECONDS))
                        .as(() -> read(folder.resolve("browser")))
                        .isEqualTo("open, text: hello κόσμε, bytes: 70000, closed: 1000 done true");
            } finally {
                browser.descendants().forEach(ProcessHandle::destroyForcibly);
                browser.destroyForcibly().waitFor();
            }
            assertThat(starling.stat("http.ingress.downstream_cx_upgrades_total"))
                    .isEqualTo(1);
            Awaitility.await("the log").until(() -> starling.out().contains("GET /echo HTTP/1.1 101 "));
        }
    }

    private String bootstrap(int port) throws IOException {
        try (var resource = BrowserIT.class.getResourceAsStream("browser.yaml")) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("{upstream}", Integer.toString(port));
        }
    }

    private Process open(String url) throws IOException {
        Stream<String> own = Stream.of("--user-data-dir=" + folder.resolve("profile"), url);
        List<String> command = Stream.concat(Stream.concat(Stream.of(chromium.toString()), FLAGS.stream()), own)
                .toList();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("browser").toFile())
                .start();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException none) {
            return none.toString();
        }
    }
}
