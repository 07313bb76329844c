package dev.starling.runtime.control.cluster;

import dev.starling.config.cluster.HealthCheck;
import dev.starling.healthcheck.active.ProbeResult;
import dev.starling.healthcheck.active.Prober;
import dev.starling.lb.Endpoint;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Hands every check to the test, which answers it when it likes. */
final class FakeProber implements Prober {

    private final Map<String, BlockingQueue<Consumer<ProbeResult>>> started = new ConcurrentHashMap<>();

    @Override
    public Probe prepare(Endpoint endpoint, HealthCheck check, String clusterName) {
        BlockingQueue<Consumer<ProbeResult>> checks = checks(endpoint.addressText());
        return new Probe() {
            @Override
            public void start(Consumer<ProbeResult> done) {
                checks.add(done);
            }

            @Override
            public void cancel() {
                checks.clear();
            }
        };
    }

    /** Waits for the next check of the endpoint {@code 10.0.0.<number>:80} and lets it pass. */
    void pass(int endpoint) throws InterruptedException {
        answer(endpoint, new ProbeResult.Passed(false));
    }

    void fail(int endpoint) throws InterruptedException {
        answer(endpoint, new ProbeResult.FailedResponse(503, false, "status 503"));
    }

    private void answer(int endpoint, ProbeResult result) throws InterruptedException {
        var check = checks("10.0.0." + endpoint + ":80").poll(5, TimeUnit.SECONDS);
        if (check == null) {
            throw new AssertionError("no check of " + endpoint + " was started");
        }
        check.accept(result);
    }

    private BlockingQueue<Consumer<ProbeResult>> checks(String address) {
        return started.computeIfAbsent(address, unknown -> new LinkedBlockingQueue<>());
    }
}
