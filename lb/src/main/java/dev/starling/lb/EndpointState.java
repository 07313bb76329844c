package dev.starling.lb;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What changes about an endpoint while it is in service. One object per endpoint identity (its address within the
 * cluster), shared by all event loops and carried from one endpoint set to the next. Written by any thread.
 */
public final class EndpointState {

    private final AtomicInteger healthFlags = new AtomicInteger();
    private final AtomicInteger activeRequests = new AtomicInteger();
    private final AtomicInteger activeConnections = new AtomicInteger();
    private final AtomicInteger consecutive5xx = new AtomicInteger();
    private final AtomicInteger consecutiveGatewayFailure = new AtomicInteger();
    private final LongAdder connectionsTotal = new LongAdder();
    private final LongAdder connectFailures = new LongAdder();
    private final LongAdder requestsTotal = new LongAdder();
    private final LongAdder requestsSucceeded = new LongAdder();
    private final LongAdder requestsFailed = new LongAdder();
    private final LongAdder requestsTimedOut = new LongAdder();

    private final AtomicLong slowStartBeganNanos = new AtomicLong(Long.MIN_VALUE);

    /** The OR of {@link HealthFlag#bit}. */
    public int healthFlags() {
        return healthFlags.get();
    }

    public boolean has(HealthFlag flag) {
        return (healthFlags.get() & flag.bit()) != 0;
    }

    /** Returns whether this changed anything. */
    public boolean set(HealthFlag flag) {
        return (exchange(flag.bit(), flag.bit()) & flag.bit()) == 0;
    }

    /** Returns whether this changed anything. */
    public boolean clear(HealthFlag flag) {
        return (exchange(flag.bit(), 0) & flag.bit()) != 0;
    }

    /**
     * Makes the flags of {@code mask} those of {@code bits}, all at once, so that nobody sees half a change. Each flag
     * has one writer, who passes only its own.
     */
    public void replace(int mask, int bits) {
        exchange(mask, bits);
    }

    private int exchange(int mask, int bits) {
        int failed = HealthFlag.FAILED_ACTIVE_HC.bit();
        if ((mask & failed) != 0 && (bits & failed) == 0 && (healthFlags.get() & failed) != 0) {
            // First, or an event loop could see the endpoint healthy and long warmed up.
            slowStartBeganNanos.set(Long.MIN_VALUE);
        }
        return healthFlags.getAndUpdate(flags -> (flags & ~mask) | (bits & mask));
    }

    public int activeRequests() {
        return activeRequests.get();
    }

    public void requestStarted() {
        activeRequests.getAndIncrement();
        requestsTotal.increment();
    }

    public void requestEnded() {
        activeRequests.getAndDecrement();
    }

    public int activeConnections() {
        return activeConnections.get();
    }

    public void connectionOpened() {
        activeConnections.getAndIncrement();
    }

    public void connectionClosed() {
        activeConnections.getAndDecrement();
    }

    /** A connection was attempted, whatever becomes of it. */
    public LongAdder connectionsTotal() {
        return connectionsTotal;
    }

    public LongAdder connectFailures() {
        return connectFailures;
    }

    public LongAdder requestsTotal() {
        return requestsTotal;
    }

    public LongAdder requestsSucceeded() {
        return requestsSucceeded;
    }

    public LongAdder requestsFailed() {
        return requestsFailed;
    }

    public LongAdder requestsTimedOut() {
        return requestsTimedOut;
    }

    /** Touched on failure, or on success when not zero: the common case writes nothing. */
    public AtomicInteger consecutive5xx() {
        return consecutive5xx;
    }

    public AtomicInteger consecutiveGatewayFailure() {
        return consecutiveGatewayFailure;
    }

    /**
     * The instant, by the proxy's nano clock, at which slow start began; {@link Long#MIN_VALUE} while the endpoint has
     * not been seen healthy since it came or since it last failed its active check.
     */
    public long slowStartBeganNanos() {
        return slowStartBeganNanos.get();
    }

    /** Begins slow start, unless it has begun: the first event loop to see the endpoint healthy decides. */
    public void beginSlowStart(long nowNanos) {
        if (slowStartBeganNanos.get() == Long.MIN_VALUE) {
            slowStartBeganNanos.compareAndSet(Long.MIN_VALUE, nowNanos);
        }
    }
}
