package dev.starling.runtime.loop;

import dev.starling.runtime.stats.StatsStripe;
import dev.starling.runtime.time.Clock;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.util.ArrayList;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop with what its connections share: its flows' dispatcher, timers, the list of channels to flush, its
 * stripe of the stats, its random source. Everything is confined to the loop's thread unless said otherwise.
 */
public final class Loop {

    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    /** Bytes waiting in one channel past which it is flushed at once instead of at the end of the turn. */
    public static final int FLUSH_THRESHOLD_BYTES = 64 * 1024;

    private final int index;
    private final SingleThreadEventLoop eventLoop;
    private final String dispatcherId;
    private final StatsStripe stats;
    private final Clock clock;
    private final RandomGenerator random;
    private final TimerWheel timers;
    private final LoopStats loopStats;
    private final ArrayList<Flushable> dirty = new ArrayList<>();
    private final Runnable flush = this::flushDirty;
    private byte[] scratch = new byte[4096];

    /** Something with output that is flushed once at the end of the turn. */
    public interface Flushable {
        void flushOutput();
    }

    Loop(
            int index,
            EventLoop eventLoop,
            String dispatcherId,
            StatsStripe stats,
            LoopStats loopStats,
            Clock clock,
            RandomGenerator random) {
        this.index = index;
        this.eventLoop = (SingleThreadEventLoop) eventLoop;
        this.dispatcherId = dispatcherId;
        this.stats = stats;
        this.loopStats = loopStats;
        this.clock = clock;
        this.random = random;
        this.timers = new TimerWheel(clock.nanos(), new EventLoopAlarm(eventLoop), this::timerFailed);
    }

    /** From 0; any thread. */
    public int index() {
        return index;
    }

    /** Any thread. */
    public EventLoop eventLoop() {
        return eventLoop;
    }

    /** Any thread. */
    public String dispatcherId() {
        return dispatcherId;
    }

    /** Any thread, but only this loop may write to it. */
    public StatsStripe stats() {
        return stats;
    }

    public Clock clock() {
        return clock;
    }

    public long nanoTime() {
        return clock.nanoTime();
    }

    public RandomGenerator random() {
        return random;
    }

    public TimerWheel timers() {
        return timers;
    }

    /** An array of at least this length for use within one call; its content is anybody's afterwards. */
    public byte[] scratch(int length) {
        if (scratch.length < length) {
            scratch = new byte[Math.max(length, scratch.length * 2)];
        }
        return scratch;
    }

    /** Flushes the output when this turn of the loop ends. The caller keeps it from being listed twice. */
    public void flushAtEndOfTurn(Flushable output) {
        if (dirty.isEmpty()) {
            eventLoop.executeAfterEventLoopIteration(flush);
        }
        dirty.add(output);
    }

    private void flushDirty() {
        for (int i = 0; i < dirty.size(); i++) {
            try {
                dirty.get(i).flushOutput();
            } catch (Throwable cause) { // an Error that left the list as it is would end all flushing
                loopStats.flushFailures().inc(stats);
                log.error("flush failed on {}", this, cause);
            }
        }
        dirty.clear();
    }

    /** Runs the task on this loop: at once if already there. Any thread. */
    public void run(Runnable task) {
        if (eventLoop.inEventLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }

    void flowRestarted() {
        loopStats.flowRestarts().inc(stats);
    }

    /** Ends an element after an exception escaped from what was done for it. */
    public void turnFailed(String stage, Ready element, Throwable cause) {
        loopStats.turnFailures().inc(stats);
        log.error("{} ended: exception in its {}", element, stage, cause);
        try {
            element.fail(cause);
        } catch (Throwable again) {
            log.error("{} could not be ended", element, again);
        }
    }

    private void timerFailed(Throwable cause) {
        loopStats.timerFailures().inc(stats);
        log.error("timer failed on {}", this, cause);
    }

    @Override
    public String toString() {
        return "loop " + index;
    }
}
