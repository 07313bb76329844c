package dev.starling.launcher;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What SIGTERM and SIGINT do: the first lets exchanges in flight finish, the second ends them, the third ends the process
 * whatever it is doing. Before there is a proxy the first ends the process.
 */
final class Stopping {

    private static final Logger LOG = LoggerFactory.getLogger(Stopping.class);

    private final Duration grace;
    private final Runnable halt;
    private @Nullable RunningProxy proxy;
    private int signals;

    Stopping(Duration grace, Runnable halt) {
        this.grace = grace;
        this.halt = halt;
    }

    /** From here on signals are its business. */
    synchronized void started(RunningProxy proxy) {
        this.proxy = proxy;
    }

    synchronized void signal(String name) {
        signals++;
        if (proxy == null || signals > 2) {
            halt.run();
        } else if (signals == 1) {
            LOG.info("caught SIG{}, exchanges in flight have {} s", name, grace.toSeconds());
            proxy.stop(grace);
        } else {
            LOG.info("caught SIG{} again, ending now", name);
            proxy.stop(Duration.ZERO);
        }
    }
}
