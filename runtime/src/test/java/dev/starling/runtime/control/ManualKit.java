package dev.starling.runtime.control;

import com.typesafe.config.ConfigFactory;
import dev.starling.runtime.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;

/** An actor system whose time, and the clocks beside it, the test holds. */
public final class ManualKit {

    private static final Instant START = Instant.parse("2026-11-21T08:00:00.123Z");

    private final AtomicLong elapsedNanos = new AtomicLong();

    /** Starts where a nano clock may: below zero. */
    private final Clock clock = new Clock(
            () -> elapsedNanos.get() - Duration.ofHours(1).toNanos(), () -> START.plusNanos(elapsedNanos.get()));

    private final ActorTestKit kit;
    private final ManualTime time;

    public ManualKit() {
        // On few cores Pekko's default starves a pool whose threads wait, as the testkit's do.
        var dispatcher = "pekko.actor.default-dispatcher.fork-join-executor.minimum-runnable = -1";
        kit = ActorTestKit.create(ConfigFactory.parseString(dispatcher).withFallback(ManualTime.config()));
        time = ManualTime.get(kit.system());
    }

    public ActorTestKit kit() {
        return kit;
    }

    public Clock clock() {
        return clock;
    }

    public void pass(Duration duration) {
        elapsedNanos.addAndGet(duration.toNanos());
        time.timePasses(duration);
    }

    public void shutdown() {
        kit.shutdownTestKit();
    }
}
