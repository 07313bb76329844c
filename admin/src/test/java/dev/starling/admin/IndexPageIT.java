package dev.starling.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.starling.config.Address;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens the page in a headless Chromium, where one is installed. */
final class IndexPageIT {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    @TempDir
    private Path folder;

    @Test
    void showsListenersAndClustersLive() throws Exception {
        assumeTrue(Files.isExecutable(CHROMIUM), () -> "NOT TESTED: the index page, for want of " + CHROMIUM);
        try (AdminFixture admin = AdminFixture.ofBootstrap()) {
            admin.listeners.add(new ListenerView("web", "static", List.of(Address.Socket.of("127.0.0.1", 10000))));
            admin.stats.scope("http.web.").counter("downstream_rq_total").add(1234);

            String page = open("http://127.0.0.1:" + admin.address().getPort() + "/");

            assertThat(page)
                    .contains(">LIVE<")
                    .contains("127.0.0.1:10000")
                    .contains("href=\"/actors/listeners/web\"")
                    .contains("h1 <span class=\"mono\">[::1]:9</span>")
                    .contains("1,234")
                    .contains("data-cluster=\"shop\"")
                    .contains("data-cluster=\"tcp\"")
                    .contains("<span class=\"good\">healthy</span>")
                    .contains("<span class=\"bad\">configured unhealthy</span>")
                    .contains("<span class=\"warn\">configured degraded</span>")
                    .contains("<span class=\"bad\">failed active health check</span>");
            // The page's own clock runs ahead while nothing is loading: five seconds are at least two polls.
            assertThat(page).containsPattern("data-polls=\"[2-9]\"");
            assertThat(Files.readString(errors())).doesNotContain("CONSOLE");
        }
    }

    @Test
    void saysWhenThereIsNoAnswer() throws Exception {
        assumeTrue(Files.isExecutable(CHROMIUM), () -> "NOT TESTED: the index page, for want of " + CHROMIUM);
        try (AdminFixture admin = AdminFixture.ofBootstrap()) {
            Path copy = folder.resolve("index.html");
            Files.writeString(copy, admin.get("/").body());

            // From a file there is no admin server to ask.
            assertThat(open(copy.toUri().toString()))
                    .contains("id=\"lost\" style=\"display: inline;\"")
                    .doesNotContain("data-polls");
            assertThat(Files.readString(errors())).contains("CONSOLE");
        }
    }

    private Path errors() {
        return folder.resolve("errors.txt");
    }

    /** What the document is after five seconds of its own time. */
    private String open(String url) throws Exception {
        File document = folder.resolve("document.html").toFile();
        Process chromium = new ProcessBuilder(
                        CHROMIUM.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--enable-logging=stderr",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--virtual-time-budget=5000",
                        "--dump-dom",
                        url)
                .redirectOutput(document)
                .redirectError(errors().toFile())
                .start();
        try {
            assertThat(chromium.waitFor(60, TimeUnit.SECONDS))
                    .as("Chromium ends")
                    .isTrue();
        } finally {
            chromium.destroyForcibly().waitFor();
        }
        return Files.readString(document.toPath());
    }
}
