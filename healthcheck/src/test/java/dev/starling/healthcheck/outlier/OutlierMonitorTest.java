package dev.starling.healthcheck.outlier;

import static dev.starling.healthcheck.outlier.OutlierKind.CONSECUTIVE_5XX;
import static dev.starling.healthcheck.outlier.OutlierKind.CONSECUTIVE_GATEWAY_FAILURE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.starling.config.Percent;
import dev.starling.config.cluster.OutlierDetection;
import dev.starling.config.cluster.OutlierDetection.Consecutive;
import dev.starling.healthcheck.Examples;
import dev.starling.lb.Endpoint;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutlierMonitorTest {

    private final Endpoint endpoint = Examples.endpoint(1);
    private final List<OutlierKind> crossings = new ArrayList<>();

    @Test
    void tellsOnceWhenFailuresInARowReachTheThreshold() {
        var monitor = monitor(3, 100);

        answers(monitor, 500, 500);
        assertThat(crossings).isEmpty();
        answers(monitor, 500);
        assertThat(crossings).containsExactly(CONSECUTIVE_5XX);
        answers(monitor, 500, 500, 500, 500, 500, 500);

        assertThat(crossings).containsExactly(CONSECUTIVE_5XX);
    }

    @Test
    void beginsAnewAfterAnyAnswerBelow500() {
        var monitor = monitor(3, 3);

        answers(monitor, 503, 503, 200, 503, 503, 404, 503, 503);
        assertThat(crossings).isEmpty();
        answers(monitor, 503);

        assertThat(crossings).containsExactly(CONSECUTIVE_GATEWAY_FAILURE, CONSECUTIVE_5XX);
    }

    @Test
    void countsOnly502To504AsGatewayFailures() {
        var monitor = monitor(100, 3);

        answers(monitor, 502, 503, 500, 503, 504, 505, 502, 503);
        assertThat(crossings).isEmpty();
        answers(monitor, 504);

        assertThat(crossings).containsExactly(CONSECUTIVE_GATEWAY_FAILURE);
        assertThat(endpoint.state().consecutive5xx()).hasValue(9);
    }

    @Test
    void seesTheProxysOwnFailuresAsGatewayFailures() {
        var monitor = monitor(3, 3);

        monitor.onLocalOriginFailure(endpoint);
        monitor.onLocalOriginTimeout(endpoint, 504);
        monitor.onLocalOriginFailure(endpoint);

        assertThat(crossings).containsExactly(CONSECUTIVE_GATEWAY_FAILURE, CONSECUTIVE_5XX);
    }

    @Test
    void takesATimeOutThatIsAnswered204AsTheSuccessThatEnvoyTakesItFor() {
        var monitor = monitor(3, 3);

        answers(monitor, 503, 503);
        monitor.onLocalOriginTimeout(endpoint, 204);

        assertThat(endpoint.state().consecutive5xx()).hasValue(0);
        assertThat(endpoint.state().consecutiveGatewayFailure()).hasValue(0);
    }

    @Test
    void countsNothingWithoutOutlierDetection() {
        answers(OutlierMonitor.OFF, 503, 503, 503);
        OutlierMonitor.OFF.onLocalOriginFailure(endpoint);

        assertThat(endpoint.state().consecutive5xx()).hasValue(0);
        assertThat(endpoint.state().consecutiveGatewayFailure()).hasValue(0);
    }

    @Test
    void tellsOnceHoweverManyLoopsSeeTheFailures() throws Exception {
        int loops = 8;
        int failuresOfEach = 5_000;
        var told = new AtomicInteger();
        var monitor = OutlierMonitor.of(detection(loops * failuresOfEach / 2, 0), (_, _) -> told.incrementAndGet());
        var start = new CountDownLatch(1);

        try (var threads = Executors.newFixedThreadPool(loops)) {
            var running = new ArrayList<Future<?>>();
            for (int loop = 0; loop < loops; loop++) {
                running.add(threads.submit(() -> {
                    start.await();
                    for (int i = 0; i < failuresOfEach; i++) {
                        monitor.on5xx(endpoint, 500);
                    }
                    return null;
                }));
            }
            start.countDown();
            for (var loop : running) {
                loop.get();
            }
        }

        assertThat(told).hasValue(1);
        assertThat(endpoint.state().consecutive5xx()).hasValue(loops * failuresOfEach);
    }

    @Test
    void allocatesNothing() {
        var monitor = monitor(Integer.MAX_VALUE, Integer.MAX_VALUE);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        answers(monitor, 200, 503);

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 50_000; i++) {
            monitor.onResponse(endpoint, 503);
            monitor.onResponse(endpoint, 500);
            monitor.onResponse(endpoint, 200);
            monitor.onSuccess(endpoint);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(50_000);
    }

    private void answers(OutlierMonitor monitor, int... statuses) {
        for (int status : statuses) {
            monitor.onResponse(endpoint, status);
        }
    }

    private OutlierMonitor monitor(int threshold5xx, int thresholdGatewayFailure) {
        return OutlierMonitor.of(detection(threshold5xx, thresholdGatewayFailure), (crossed, kind) -> {
            assertThat(crossed).isSameAs(endpoint);
            crossings.add(kind);
        });
    }

    private static OutlierDetection detection(int threshold5xx, int thresholdGatewayFailure) {
        var defaults = Settings.DEFAULTS;
        return new OutlierDetection(
                new Consecutive(threshold5xx, Percent.HUNDRED),
                new Consecutive(thresholdGatewayFailure, Percent.HUNDRED),
                defaults.interval(),
                defaults.baseEjectionTime(),
                defaults.maxEjectionTime(),
                defaults.maxEjectionTimeJitter(),
                defaults.maxEjectionPercent(),
                false,
                true);
    }
}
