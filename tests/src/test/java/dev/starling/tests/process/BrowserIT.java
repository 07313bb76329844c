package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A browser opens the page of {@code browser.yaml}, and the page a WebSocket, through the real process. Left out, with a line
 * that says so, where there is no Chromium.
 */
@Timeout(180)
class BrowserIT {

    @TempDir
    Path folder;

    @Test
    void opensAWebSocketInABrowser() throws Exception {
        try (WebSocketEcho echo = new WebSocketEcho();
                StarlingProcess starling = StarlingProcess.serve(
                        folder, List.of(), bootstrap(echo.port()), "--file-flush-interval-msec", "10")) {
            InetSocketAddress address = starling.listener("in");
            try (Chromium browser = Chromium.open(folder, "http://127.0.0.1:" + address.getPort() + "/")) {
                assertThat(echo.posted().poll(120, TimeUnit.SECONDS))
                        .as(browser::errors)
                        .isEqualTo("open, text: hello κόσμε, bytes: 70000, closed: 1000 done true");
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
}
