package dev.starling.runtime.loop;

import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The one scheduled task of a loop's {@link TimerWheel}. */
final class EventLoopAlarm implements TimerWheel.Alarm {

    private final EventLoop eventLoop;
    private @Nullable Future<?> scheduled;

    EventLoopAlarm(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    @Override
    public void set(long delayNanos, Runnable ring) {
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        if (!eventLoop.isShuttingDown()) {
            scheduled = eventLoop.schedule(ring, delayNanos, TimeUnit.NANOSECONDS);
        }
    }
}
