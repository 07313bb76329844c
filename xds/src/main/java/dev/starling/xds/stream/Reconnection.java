package dev.starling.xds.stream;

import dev.starling.config.discovery.GrpcService.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long a stream stays closed: drawn from zero to an interval that doubles with each failure in a row. */
public final class Reconnection {

    private final Backoff backoff;
    private final RandomGenerator random;
    private Duration interval;

    public Reconnection(Backoff backoff, RandomGenerator random) {
        this.backoff = backoff;
        this.random = random;
        this.interval = backoff.base();
    }

    public Duration next() {
        long millis = Math.max(1, interval.toMillis());
        Duration doubled = interval.multipliedBy(2);
        interval = doubled.compareTo(backoff.max()) < 0 ? doubled : backoff.max();
        return Duration.ofMillis(random.nextLong(millis));
    }

    /** The control plane has said something. */
    public void succeeded() {
        interval = backoff.base();
    }
}
