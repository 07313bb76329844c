package dev.starling.runtime.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.ByteCount;
import dev.starling.config.accesslog.AccessLog;
import dev.starling.config.accesslog.FormatString;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.time.Clock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AccessLogWriterTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final AccessLogSettings SMALL =
            new AccessLogSettings(ByteCount.kibibytes(64), Duration.ofSeconds(10), ByteCount.kibibytes(4));

    @TempDir
    Path folder;

    private final StatsStore store = new StatsStore(1);

    @Test
    void logsExchangesWithTheDefaultFormat() throws Exception {
        Path file = folder.resolve("access.log");
        AccessLogWriter writer = AccessLogWriter.start(AccessLogSettings.DEFAULT, store, Clock.SYSTEM);
        Formatter formatter = Examples.FORMATS.entry(new AccessLog.Format.Text(FormatString.DEFAULT, false));
        LogTarget target = writer.open(new AccessLog.Sink.File(file.toString()));

        StringBuilder entry = new StringBuilder();
        formatter.format(Examples.answered(), Examples.requestHeaders()::get, Examples.responseHeaders()::get, entry);
        target.offer(entry);
        target.offer(entry);
        target.close();

        assertThat(writer.close(LONG)).isTrue();
        assertThat(Files.readAllLines(file))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("[2026-11-21T08:05:23.818Z] \""));
        assertThat(counter("filesystem.write_buffered")).isEqualTo(2);
        assertThat(counter("starling.access_log.dropped")).isZero();
    }

    @Test
    void writesEveryLineOfSeveralThreadsOrCountsItAsDropped() throws Exception {
        Path file = folder.resolve("access.log");
        AccessLogWriter writer = AccessLogWriter.start(SMALL, store, Clock.SYSTEM);
        LogTarget target = writer.open(new AccessLog.Sink.File(file.toString()));
        int threads = 4;
        int linesEach = 50_000;

        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> ends = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                StringBuilder line = new StringBuilder()
                        .append(thread)
                        .append(" ")
                        .append("x".repeat(80))
                        .append('\n');
                ends.add(pool.submit(() -> {
                    for (int i = 0; i < linesEach; i++) {
                        target.offer(line);
                    }
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        }

        assertThat(writer.close(LONG)).isTrue();
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSize(82));
        assertThat(lines.size() + counter("starling.access_log.dropped")).isEqualTo((long) threads * linesEach);
        assertThat(counter("filesystem.write_buffered")).isEqualTo(lines.size());
    }

    @Test
    void dropsAndCountsWhileNobodyReadsThePipeItWritesTo() throws Exception {
        Path pipe = pipe();
        // Opened for both, it holds the reading end without reading.
        try (RandomAccessFile reader = new RandomAccessFile(pipe.toFile(), "rw")) {
            AccessLogWriter writer = AccessLogWriter.start(SMALL, store, Clock.SYSTEM);
            LogTarget target = writer.open(new AccessLog.Sink.File(pipe.toString()));
            StringBuilder line = new StringBuilder("x".repeat(999)).append('\n');

            int offered = 0;
            while (counter("starling.access_log.dropped") < 1_000) {
                target.offer(line);
                offered++;
            }

            byte[] read = new byte[1_000];
            int lines = 0;
            target.close();
            try (ExecutorService closing = Executors.newSingleThreadExecutor()) {
                Future<Boolean> closed = closing.submit(() -> writer.close(LONG));
                while (lines + counter("starling.access_log.dropped") < offered) {
                    reader.readFully(read);
                    assertThat(read[999]).isEqualTo((byte) '\n');
                    lines++;
                }
                assertThat(closed.get()).isTrue();
            }
            assertThat(lines).isPositive();
        }
    }

    @Test
    void givesUpAtTheDeadlineOnAPipeThatNobodyOpened() throws Exception {
        Path pipe = pipe();
        AccessLogWriter writer = AccessLogWriter.start(SMALL, store, Clock.SYSTEM);
        LogTarget target = writer.open(new AccessLog.Sink.File(pipe.toString()));
        StringBuilder line = new StringBuilder("x".repeat(999)).append('\n');

        while (counter("starling.access_log.dropped") == 0) {
            target.offer(line);
        }

        assertThat(writer.close(Duration.ofMillis(50))).isFalse();
        // Lets the thread go, which opening holds.
        new RandomAccessFile(pipe.toFile(), "rw").close();
    }

    @Test
    void sharesAFileBetweenLogsUntilTheLastOneIsClosed() throws Exception {
        Path file = folder.resolve("access.log");
        AccessLogWriter writer = AccessLogWriter.start(SMALL, store, Clock.SYSTEM);
        LogTarget first = writer.open(new AccessLog.Sink.File(file.toString()));
        LogTarget second = writer.open(new AccessLog.Sink.File(file.toString()));
        assertThat(second).isSameAs(first);

        first.close();
        second.offer(new StringBuilder("still open\n"));
        second.close();
        LogTarget third = writer.open(new AccessLog.Sink.File(file.toString()));
        third.offer(new StringBuilder("open again\n"));

        assertThat(writer.close(LONG)).isTrue();
        assertThat(Files.readAllLines(file)).containsExactly("still open", "open again");
    }

    private Path pipe() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        return pipe;
    }

    private long counter(String name) {
        return store.counters().stream()
                .filter(counter -> counter.name().equals(name))
                .mapToLong(Counter::value)
                .sum();
    }
}
