package dev.starling.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoggingTest {

    private final LoggerContext context = new LoggerContext();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void writesWhatItsLevelLetsThrough() throws IOException {
        start(LogLevel.INFO, Map.of());

        context.getLogger("dev.starling.runtime.route.Router").debug("hidden");
        context.getLogger("dev.starling.runtime.route.Router").info("shown");

        assertThat(written()).isEqualTo("info router shown\n");
    }

    @Test
    void givesAComponentALevelOfItsOwn() throws IOException {
        start(LogLevel.ERROR, Map.of("upstream", LogLevel.TRACE));

        context.getLogger("dev.starling.runtime.cluster.Warming").trace("shown");
        context.getLogger("dev.starling.lb.Picker").debug("shown too");
        context.getLogger("dev.starling.runtime.listener.Accept").warn("hidden");

        assertThat(written()).isEqualTo("trace upstream shown\ndebug upstream shown too\n");
    }

    @Test
    void changesLevelsWhileItRuns() throws IOException {
        var logging = start(LogLevel.INFO, Map.of());

        logging.setAll(LogLevel.OFF);
        context.getLogger("dev.starling.admin.Page").error("hidden");
        logging.set("admin", LogLevel.DEBUG);
        context.getLogger("dev.starling.admin.Page").debug("shown");

        assertThat(written()).isEqualTo("debug admin shown\n");
        assertThat(logging.levels())
                .containsEntry("admin", LogLevel.DEBUG)
                .containsEntry("quic", LogLevel.OFF)
                .hasSizeGreaterThan(60);
    }

    @Test
    void keepsLibrariesQuietUntilTheyAreAskedFor() throws IOException {
        var logging = start(LogLevel.DEBUG, Map.of());

        context.getLogger("org.apache.pekko.Thing").info("hidden");
        context.getLogger("io.netty.Thing").debug("hidden");
        logging.set("misc", LogLevel.INFO);
        context.getLogger("org.apache.pekko.Thing").info("shown");

        assertThat(written()).isEqualTo("info misc shown\n");
    }

    @Test
    void opensItsFileAnew(@TempDir Path folder) throws IOException {
        var file = folder.resolve("starling.log");
        var logging =
                Logging.start(context, LogFormat.of("%v", false), Optional.of(file), err, LogLevel.INFO, Map.of());

        context.getLogger("dev.starling.A").info("one");
        Files.move(file, folder.resolve("old.log"));
        logging.reopen();
        context.getLogger("dev.starling.A").info("two");

        assertThat(folder.resolve("old.log")).hasContent("one");
        assertThat(file).hasContent("two");
        assertThat(written()).isEmpty();
    }

    @Test
    void knowsNoOtherComponents() throws IOException {
        var logging = start(LogLevel.INFO, Map.of());

        assertThat(Logging.isComponent("http")).isTrue();
        assertThat(Logging.isComponent("foo")).isFalse();
        assertThatThrownBy(() -> logging.set("foo", LogLevel.INFO)).isInstanceOf(IllegalArgumentException.class);
    }

    private Logging start(LogLevel level, Map<String, LogLevel> levels) throws IOException {
        return Logging.start(context, LogFormat.of("%l %n %v", false), Optional.empty(), err, level, levels);
    }

    private String written() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
