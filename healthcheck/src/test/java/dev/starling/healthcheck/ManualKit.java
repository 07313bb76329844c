package dev.starling.healthcheck;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;

/** An actor system whose time, and the clock beside it, the test holds. */
public final class ManualKit {

    private final TestClock clock = new TestClock();
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

    public TestClock clock() {
        return clock;
    }

    public void pass(Duration duration) {
        clock.advance(duration);
        time.timePasses(duration);
    }

    public void shutdown() {
        kit.shutdownTestKit();
    }
}
