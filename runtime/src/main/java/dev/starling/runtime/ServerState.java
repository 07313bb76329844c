package dev.starling.runtime;

import java.util.concurrent.atomic.AtomicReference;

/** Where the proxy stands in its life; read by health checks, drains and the admin API. Any thread. */
public final class ServerState {

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.PRE_INITIALIZING);
    private volatile boolean healthCheckFailed;

    /** As {@code /ready} and {@code /server_info} name it. */
    public enum Phase {
        PRE_INITIALIZING,
        INITIALIZING,
        LIVE,
        DRAINING
    }

    /** The phase, or DRAINING while health checks are told to fail. */
    public Phase phase() {
        Phase current = phase.get();
        return current == Phase.LIVE && healthCheckFailed ? Phase.DRAINING : current;
    }

    public void advance(Phase next) {
        phase.set(next);
    }

    /** {@code /healthcheck/fail}: health checks answer 503 and connections are drained. */
    public boolean healthCheckFailed() {
        return healthCheckFailed;
    }

    public void failHealthCheck(boolean failed) {
        healthCheckFailed = failed;
    }
}
