package dev.starling.healthcheck;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Time of both kinds, held in the hand. It starts where a nano clock may: below zero. */
public final class TestClock implements InstantSource, LongSupplier {

    private static final Instant START = Instant.parse("2026-11-21T08:00:00.123Z");

    private final AtomicLong elapsedNanos = new AtomicLong();

    public void advance(Duration time) {
        elapsedNanos.addAndGet(time.toNanos());
    }

    @Override
    public Instant instant() {
        return START.plusNanos(elapsedNanos.get());
    }

    @Override
    public long getAsLong() {
        return elapsedNanos.get() - Duration.ofHours(1).toNanos();
    }
}
