package dev.starling.healthcheck.active;

import dev.starling.config.cluster.HealthCheck;
import dev.starling.lb.Endpoint;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Hands every check to the test, which answers it when it likes. */
final class FakeProber implements Prober {

    private final BlockingQueue<Consumer<ProbeResult>> started = new LinkedBlockingQueue<>();
    private final AtomicInteger cancelled = new AtomicInteger();
    private volatile boolean broken;

    @Override
    public Probe prepare(Endpoint endpoint, HealthCheck check, String clusterName) {
        return new Probe() {
            @Override
            public void start(Consumer<ProbeResult> done) {
                if (broken) {
                    throw new IllegalStateException("a bug in the prober");
                }
                started.add(done);
            }

            @Override
            public void cancel() {
                cancelled.incrementAndGet();
            }
        };
    }

    void breakDown(boolean down) {
        broken = down;
    }

    /** Waits for the next check to start. */
    Consumer<ProbeResult> next() throws InterruptedException {
        var done = started.poll(5, TimeUnit.SECONDS);
        if (done == null) {
            throw new AssertionError("no check was started");
        }
        return done;
    }

    boolean isIdle() {
        return started.isEmpty();
    }

    int cancelled() {
        return cancelled.get();
    }
}
