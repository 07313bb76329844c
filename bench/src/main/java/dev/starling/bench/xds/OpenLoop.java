package dev.starling.bench.xds;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Requests at a fixed rate over some connections that take turns. Each latency counts from the moment when the request was
 * due: one that waits for the one before it has waited.
 */
final class OpenLoop {

    private static final int CONNECTIONS = 32;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private final int port;
    private final int perSecond;
    private final long[] micros;
    private final AtomicInteger failed = new AtomicInteger();

    private OpenLoop(int port, int perSecond, int seconds) {
        this.port = port;
        this.perSecond = perSecond;
        this.micros = new long[perSecond * seconds];
    }

    /**
     * Of all requests, also those that failed, in microseconds.
     *
     * @param failed how many
     */
    record Latencies(long median, long p99, long p999, long worst, int failed) {}

    static Latencies run(int port, int perSecond, int seconds) throws InterruptedException {
        var loop = new OpenLoop(port, perSecond, seconds);
        long startNanos = System.nanoTime();
        Thread[] connections = IntStream.range(0, CONNECTIONS)
                .mapToObj(first -> Thread.ofPlatform().start(() -> loop.ask(first, startNanos)))
                .toArray(Thread[]::new);
        for (Thread connection : connections) {
            connection.join();
        }
        Arrays.sort(loop.micros);
        return new Latencies(loop.at(0.5), loop.at(0.99), loop.at(0.999), loop.at(1), loop.failed.get());
    }

    private long at(double share) {
        return micros[(int) Math.min(micros.length - 1, share * micros.length)];
    }

    private void ask(int first, long startNanos) {
        int next = first;
        while (next < micros.length) {
            try (var client = new Client(port)) {
                while (next < micros.length) {
                    long dueNanos = startNanos + next * NANOS_PER_SECOND / perSecond;
                    awaitNanos(dueNanos);
                    int asked = next;
                    next += CONNECTIONS;
                    try {
                        client.ask();
                    } finally {
                        micros[asked] = (System.nanoTime() - dueNanos) / NANOS_PER_MICRO;
                    }
                }
            } catch (IOException broken) {
                if (failed.incrementAndGet() == 1) {
                    System.err.println("a request failed: " + broken);
                }
            }
        }
    }

    /** Until that time of {@link System#nanoTime}. */
    static void awaitNanos(long dueNanos) {
        for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
