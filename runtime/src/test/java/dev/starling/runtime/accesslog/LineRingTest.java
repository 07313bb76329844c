package dev.starling.runtime.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LineRingTest {

    private final LineRing ring = new LineRing(4096);

    @Test
    void handsLinesOverInOrderWithTheirFiles() {
        assertThat(ring.offer(0, line("first\n"))).isTrue();
        assertThat(ring.offer(7, line(""))).isTrue();
        assertThat(ring.offer(1, line("x".repeat(64)))).isTrue();
        assertThat(ring.offer(1, line("y".repeat(65)))).isTrue();

        assertThat(drained(10)).containsExactly("0:first\n", "7:", "1:" + "x".repeat(64), "1:" + "y".repeat(65));
        assertThat(ring.filled()).isZero();
    }

    @Test
    void stopsAtTheNumberOfLinesAskedFor() {
        ring.offer(0, line("a"));
        ring.offer(0, line("b"));

        assertThat(drained(1)).containsExactly("0:a");
        assertThat(drained(1)).containsExactly("0:b");
    }

    @Test
    void refusesALineThatFindsNoRoomAndTakesItAgainLater() {
        int taken = 0;
        while (ring.offer(0, line("z".repeat(100)))) {
            taken++;
        }
        assertThat(taken).isEqualTo(32);
        assertThat(ring.filled()).isEqualTo(1);

        drained(1);
        assertThat(ring.offer(0, line("z".repeat(100)))).isTrue();
        assertThat(ring.offer(0, line("z"))).isFalse();
    }

    @Test
    void refusesALineLongerThanAQuarterOfTheRing() {
        assertThat(ring.offer(0, line("z".repeat(1024)))).isTrue();
        assertThat(ring.offer(0, line("z".repeat(1025)))).isFalse();
    }

    @Test
    void keepsEveryByteOfLinesOfAllLengthsAcrossTheEnd() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            List<String> offered = new ArrayList<>();
            while (offered.size() < 20) {
                StringBuilder line = new StringBuilder();
                for (int i = random.nextInt(300); i > 0; i--) {
                    line.append((char) random.nextInt(256));
                }
                int file = random.nextInt(3);
                if (!ring.offer(file, line)) {
                    break;
                }
                offered.add(file + ":" + line);
            }
            assertThat(drained(100)).as("seed %d", seed).isEqualTo(offered);
        }
    }

    @Test
    void losesAndMixesNoLineOfManyWriters() throws Exception {
        int writers = 4;
        int linesEach = 20_000;
        long seed = Long.getLong("seed", System.nanoTime());
        CountDownLatch start = new CountDownLatch(1);
        int[] next = new int[writers];
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Future<?>> ends = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                int file = writer;
                ends.add(threads.submit(() -> {
                    start.await();
                    Random random = new Random(seed + file);
                    for (int i = 0; i < linesEach; i++) {
                        StringBuilder line =
                                line(i + " " + Character.toString('a' + file).repeat(random.nextInt(200)));
                        while (!ring.offer(file, line)) {
                            Thread.onSpinWait();
                        }
                    }
                    return null;
                }));
            }
            start.countDown();
            int seen = 0;
            while (seen < writers * linesEach) {
                for (String line : drained(64)) {
                    int file = line.charAt(0) - '0';
                    String number = line.substring(2, line.indexOf(' '));
                    assertThat(Integer.parseInt(number))
                            .as("seed %d: %s", seed, line)
                            .isEqualTo(next[file]++);
                    assertThat(line.substring(line.indexOf(' ') + 1)).matches("[" + (char) ('a' + file) + "]*");
                    seen++;
                }
            }
            for (Future<?> end : ends) {
                end.get();
            }
        }
        assertThat(drained(1)).isEmpty();
    }

    private List<String> drained(int maxLines) {
        List<String> lines = new ArrayList<>();
        ByteArrayOutputStream collected = new ByteArrayOutputStream();
        while (lines.size() < maxLines) {
            int[] file = {-1};
            collected.reset();
            int count = ring.drain(
                    (number, bytes, offset, length) -> {
                        file[0] = number;
                        collected.write(bytes, offset, length);
                    },
                    1);
            if (count == 0) {
                break;
            }
            lines.add(file[0] + ":" + collected.toString(StandardCharsets.ISO_8859_1));
        }
        return lines;
    }

    private static StringBuilder line(String text) {
        return new StringBuilder(text);
    }
}
