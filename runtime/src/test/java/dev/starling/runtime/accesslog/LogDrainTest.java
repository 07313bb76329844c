package dev.starling.runtime.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.starling.config.ByteCount;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class LogDrainTest {

    private static final AccessLogSettings SETTINGS =
            new AccessLogSettings(ByteCount.kibibytes(64), Duration.ofSeconds(10), new ByteCount(100));

    @TempDir
    Path folder;

    private long now;
    private final LineRing ring = new LineRing(SETTINGS.ring().clampedToInt());
    private final AccessLogStats stats = AccessLogStats.in(new StatsStore(1));
    private final LogDrain drain = new LogDrain(ring, stats, new Clock(() -> now, InstantSource.system()), SETTINGS);

    @Test
    void writesWhenTheFlushIntervalIsOver() throws IOException {
        int file = open("a.log");
        ring.offer(file, line("one\n"));

        drain.turn();
        assertThat(content("a.log")).isEmpty();
        assertThat(stats.writeTotalBuffered().value()).isEqualTo(4);
        assertThat(drain.nanosToFlush()).isEqualTo(Duration.ofSeconds(10).toNanos());

        now = Duration.ofSeconds(10).toNanos();
        drain.turn();
        assertThat(content("a.log")).isEqualTo("one\n");
        assertThat(stats.writeTotalBuffered().value()).isZero();
        assertThat(stats.writeBuffered().value()).isEqualTo(1);
        assertThat(stats.writeCompleted().value()).isEqualTo(1);
        assertThat(stats.flushedByTimer().value()).isEqualTo(1);
        assertThat(drain.nanosToFlush()).isNegative();
    }

    @Test
    void writesABufferThatIsFull() throws IOException {
        int file = open("a.log");
        String sixty = "x".repeat(59) + "\n";
        ring.offer(file, line(sixty));
        ring.offer(file, line(sixty));
        ring.offer(file, line("y".repeat(300)));

        drain.turn();

        assertThat(content("a.log")).isEqualTo(sixty + sixty + "y".repeat(300));
    }

    @Test
    void appendsToWhatIsThere() throws IOException {
        Files.writeString(folder.resolve("a.log"), "before\n");
        ring.offer(open("a.log"), line("after\n"));

        drain.finish();

        assertThat(content("a.log")).isEqualTo("before\nafter\n");
    }

    @Test
    void leavesAMovedFileBehindWhenToldToReopen() throws IOException {
        int file = open("a.log");
        ring.offer(file, line("old\n"));
        drain.turn();

        Files.move(folder.resolve("a.log"), folder.resolve("a.log.1"));
        drain.reopenAll();
        drain.turn();
        ring.offer(file, line("new\n"));
        drain.finish();

        assertThat(content("a.log.1")).isEqualTo("old\n");
        assertThat(content("a.log")).isEqualTo("new\n");
    }

    @Test
    void keepsTheOldFileIfItCannotReopen() throws IOException {
        Files.createDirectory(folder.resolve("logs"));
        int file = open("logs/a.log");
        Files.move(folder.resolve("logs"), folder.resolve("moved"));

        drain.reopenAll();
        drain.turn();
        ring.offer(file, line("still\n"));
        drain.finish();

        assertThat(stats.reopenFailed().value()).isEqualTo(1);
        assertThat(content("moved/a.log")).isEqualTo("still\n");
    }

    @Test
    void closesAFileAfterItsLastLine() throws IOException {
        int first = open("a.log");
        ring.offer(first, line("one\n"));
        drain.remove(first);

        assertThat(drain.isAsked()).isTrue();
        drain.turn();

        assertThat(drain.isAsked()).isFalse();
        assertThat(content("a.log")).isEqualTo("one\n");
        assertThat(open("b.log")).isEqualTo(first);
    }

    @Test
    @EnabledIf("hasFullDevice")
    void countsWritesThatFailAndGoesOn() throws IOException {
        LogFile full = LogOpener.open("/dev/full", 100);
        int number = drain.add(full);
        int good = open("a.log");
        ring.offer(number, line("lost\n"));
        ring.offer(good, line("kept\n"));

        now = Duration.ofSeconds(10).toNanos();
        drain.turn();

        assertThat(stats.writeFailed().value()).isEqualTo(1);
        assertThat(full.buffered()).isZero();
        assertThat(content("a.log")).isEqualTo("kept\n");
    }

    @Test
    void saysInEnvoysWordsThatAFileCannotBeOpened() {
        assertThatThrownBy(() -> LogOpener.open("/nonexistent/dir/a.log", 100))
                .isInstanceOf(IOException.class)
                .hasMessage("unable to open file '/nonexistent/dir/a.log': No such file or directory");
        assertThatThrownBy(() -> LogOpener.open(folder.toString(), 100))
                .hasMessageStartingWith("unable to open file '" + folder + "': ");
    }

    static boolean hasFullDevice() {
        return Files.exists(Path.of("/dev/full"));
    }

    private int open(String name) throws IOException {
        return drain.add(LogOpener.open(
                folder.resolve(name).toString(), SETTINGS.flushSize().clampedToInt()));
    }

    private String content(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private static StringBuilder line(String text) {
        return new StringBuilder(text);
    }
}
