package dev.starling.runtime.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Clients that ask again and again until they are told to stop: some over connections that they keep, some over a new one
 * each time. What answers said of themselves can be waited for; whatever is not a good answer is remembered.
 */
public final class Load implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final InetSocketAddress address;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Thread> clients = new ArrayList<>();
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Integer> seen = new HashMap<>();
    private long answers;
    private long closes;

    private Load(InetSocketAddress address) {
        this.address = address;
    }

    public static Load of(InetSocketAddress address, int keeping, int reconnecting) {
        Load load = new Load(address);
        for (int i = 0; i < keeping; i++) {
            load.clients.add(Thread.ofVirtual().start(() -> load.guarded(load::keep)));
        }
        for (int i = 0; i < reconnecting; i++) {
            load.clients.add(Thread.ofVirtual().start(() -> load.guarded(load::reconnect)));
        }
        return load;
    }

    private interface Work {
        void run() throws IOException;
    }

    private void guarded(Work work) {
        while (!stopped.get()) {
            try {
                work.run();
            } catch (IOException | RuntimeException failure) {
                failures.add(failure.toString());
            }
        }
    }

    private void keep() throws IOException {
        try (RawClient client = new RawClient(address)) {
            while (!stopped.get()) {
                if (!ask(client)) {
                    String more = client.rest();
                    if (!more.isEmpty()) {
                        failures.add("after the last response: " + more);
                    }
                    return;
                }
            }
        }
    }

    private void reconnect() throws IOException {
        try (RawClient client = new RawClient(address)) {
            ask(client);
        }
    }

    /** Whether the connection may be used again. */
    private boolean ask(RawClient client) throws IOException {
        String response = client.get("/").response();
        String lower = response.toLowerCase(Locale.ROOT);
        boolean open = !lower.contains("\r\nconnection: close\r\n");
        if (!response.startsWith("HTTP/1.1 200 OK\r\n")) {
            failures.add(response);
        }
        synchronized (seen) {
            answers++;
            closes += open ? 0 : 1;
            lower.lines().filter(line -> line.startsWith("x-")).forEach(line -> seen.merge(line, 1, Integer::sum));
            seen.notifyAll();
        }
        return open;
    }

    /** Waits until one more answer has this header line, in small letters. */
    public void await(String header) throws InterruptedException {
        synchronized (seen) {
            int before = seen.getOrDefault(header, 0);
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (seen.getOrDefault(header, 0) == before) {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    throw new AssertionError("no answer with " + header + "; failures: " + failures);
                }
                seen.wait(millis);
            }
        }
    }

    public List<String> failures() {
        return failures;
    }

    public long answers() {
        synchronized (seen) {
            return answers;
        }
    }

    /** Answers that ended their connection. */
    public long closes() {
        synchronized (seen) {
            return closes;
        }
    }

    /** Lets what is under way end. */
    public void stop() throws InterruptedException {
        stopped.set(true);
        for (Thread client : clients) {
            client.join();
        }
    }

    /** Stops without waiting. */
    @Override
    public void close() {
        stopped.set(true);
    }
}
