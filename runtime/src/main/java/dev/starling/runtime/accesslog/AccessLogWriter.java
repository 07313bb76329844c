package dev.starling.runtime.accesslog;

import dev.starling.config.accesslog.AccessLog;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.time.Clock;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that writes all access logs, one for the process. Lines reach it through one bounded ring; a sink that
 * blocks holds up the others, and then lines are dropped and counted, but no event loop ever waits. While lines come,
 * the thread looks for them every few milliseconds and nobody has to wake it; only when none came for a second does it
 * sleep until the next one.
 */
public final class AccessLogWriter {

    private static final long NAP_NANOS = 50_000_000;
    private static final int EMPTY_NAPS_BEFORE_SLEEP = 20;
    private static final float HURRY = 0.5f;

    private static final int AWAKE = 0;
    /** Looks again soon; woken only if the ring fills up. */
    private static final int NAPPING = 1;
    /** Woken by the next line. */
    private static final int SLEEPING = 2;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(AccessLogWriter.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LineRing ring;
    private final LogDrain drain;
    private final AccessLogStats stats;
    private final int bufferSize;
    private final Thread thread;

    /** By path. Guarded by itself. */
    private final Map<String, Target> targets = new HashMap<>();

    private volatile int state = AWAKE;
    private volatile boolean closing;

    private AccessLogWriter(AccessLogSettings settings, StatsStore store, Clock clock) {
        this.ring = new LineRing(settings.ring().clampedToInt());
        this.stats = AccessLogStats.in(store);
        this.drain = new LogDrain(ring, stats, clock, settings);
        this.bufferSize = settings.flushSize().clampedToInt();
        this.thread = Thread.ofPlatform().daemon().name("access-log").unstarted(this::run);
    }

    public static AccessLogWriter start(AccessLogSettings settings, StatsStore store, Clock clock) {
        AccessLogWriter writer = new AccessLogWriter(settings, store, clock);
        writer.thread.start();
        return writer;
    }

    /**
     * The target for a sink; logs with the same path share one.
     *
     * @throws IOException in Envoy's words if it cannot be opened
     */
    public LogTarget open(AccessLog.Sink sink) throws IOException {
        String path = switch (sink) {
            case AccessLog.Sink.File(String file) -> file;
            case AccessLog.Sink.Stream.STDOUT -> LogOpener.STDOUT;
            case AccessLog.Sink.Stream.STDERR -> LogOpener.STDERR;
        };
        synchronized (targets) {
            Target target = targets.get(path);
            if (target == null) {
                target = new Target(path, drain.add(LogOpener.open(path, bufferSize)));
                targets.put(path, target);
            }
            target.users++;
            return target;
        }
    }

    /** Opens all files anew, after they were moved away. */
    public void reopen() {
        drain.reopenAll();
        wake(SLEEPING);
    }

    /** Writes what has come so far. False if that took too long; what then is not written is lost. */
    public boolean close(Duration deadline) throws InterruptedException {
        closing = true;
        LockSupport.unpark(thread);
        if (thread.join(deadline)) {
            return true;
        }
        thread.interrupt();
        return false;
    }

    private void run() {
        int emptyTurns = 0;
        while (!closing) {
            int lines = drain.turn();
            emptyTurns = lines == 0 ? emptyTurns + 1 : 0;
            if (emptyTurns <= EMPTY_NAPS_BEFORE_SLEEP) {
                rest(NAPPING, HURRY, NAP_NANOS);
            } else {
                long nanos = drain.nanosToFlush();
                rest(SLEEPING, 0, nanos < 0 ? Long.MAX_VALUE : nanos);
                emptyTurns = 0;
            }
        }
        drain.finish();
    }

    /**
     * Waits, unless the ring is fuller than that or something was asked for. The state is written before the ring is
     * looked at, and whoever offers looks at the state after it has moved the ring's tail: one of the two sees the
     * other.
     */
    private void rest(int how, float enough, long nanos) {
        state = how;
        if (ring.filled() <= enough && !drain.isAsked() && !closing) {
            LockSupport.parkNanos(this, nanos);
        }
        state = AWAKE;
    }

    private void wake(int from) {
        if (STATE.compareAndSet(this, from, AWAKE)) {
            LockSupport.unpark(thread);
        }
    }

    private final class Target implements LogTarget {

        private final String path;
        private final int number;
        /** Guarded by the map of targets. */
        private int users;

        Target(String path, int number) {
            this.path = path;
            this.number = number;
        }

        @Override
        public void offer(StringBuilder line) {
            if (!ring.offer(number, line)) {
                stats.dropped().inc();
            }
            int now = state;
            if (now == SLEEPING || (now == NAPPING && ring.filled() > HURRY)) {
                wake(now);
            }
        }

        @Override
        public void close() {
            synchronized (targets) {
                if (--users == 0) {
                    targets.remove(path, this);
                    drain.remove(number);
                    wake(SLEEPING);
                }
            }
        }
    }
}
