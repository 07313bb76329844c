package dev.starling.runtime.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Two clocks that stand still until the test moves them. */
public final class HeldClock {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong nanos = new AtomicLong();

    public Clock clock() {
        return new Clock(nanos::get, () -> BEGIN.plusNanos(nanos.get()));
    }

    public void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }
}
