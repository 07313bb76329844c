package dev.starling.healthcheck.outlier;

import dev.starling.config.Percent;
import dev.starling.config.cluster.OutlierDetection;
import dev.starling.config.cluster.OutlierDetection.Consecutive;
import java.time.Duration;

/** Envoy's defaults, and what a test changes of them. */
final class Settings {

    static final OutlierDetection DEFAULTS = new OutlierDetection(
            new Consecutive(5, Percent.HUNDRED),
            new Consecutive(5, Percent.ZERO),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(300),
            Duration.ZERO,
            new Percent(10),
            false,
            true);

    private Settings() {}

    static OutlierDetection maxEjected(double percent) {
        return with(DEFAULTS, percent, false, Duration.ZERO);
    }

    static OutlierDetection alwaysOne(double percent) {
        return with(DEFAULTS, percent, true, Duration.ZERO);
    }

    static OutlierDetection jittered(double percent, boolean alwaysOne, Duration jitter) {
        return with(DEFAULTS, percent, alwaysOne, jitter);
    }

    static OutlierDetection enforcing(double of5xx, double ofGatewayFailure) {
        return new OutlierDetection(
                new Consecutive(3, new Percent(of5xx)),
                new Consecutive(3, new Percent(ofGatewayFailure)),
                DEFAULTS.interval(),
                DEFAULTS.baseEjectionTime(),
                DEFAULTS.maxEjectionTime(),
                Duration.ZERO,
                Percent.HUNDRED,
                false,
                true);
    }

    static OutlierDetection withoutReadmissionByChecks(double percent) {
        return new OutlierDetection(
                DEFAULTS.consecutive5xx(),
                DEFAULTS.consecutiveGatewayFailure(),
                DEFAULTS.interval(),
                DEFAULTS.baseEjectionTime(),
                DEFAULTS.maxEjectionTime(),
                Duration.ZERO,
                new Percent(percent),
                false,
                false);
    }

    private static OutlierDetection with(OutlierDetection base, double percent, boolean alwaysOne, Duration jitter) {
        return new OutlierDetection(
                base.consecutive5xx(),
                base.consecutiveGatewayFailure(),
                base.interval(),
                base.baseEjectionTime(),
                base.maxEjectionTime(),
                jitter,
                new Percent(percent),
                alwaysOne,
                true);
    }
}
