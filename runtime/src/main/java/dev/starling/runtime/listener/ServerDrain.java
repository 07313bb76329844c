package dev.starling.runtime.listener;

import dev.starling.config.listener.Listener;
import dev.starling.config.listener.Listener.TrafficDirection;
import dev.starling.runtime.ServerState;
import dev.starling.runtime.loop.Loop;
import org.jspecify.annotations.Nullable;

/** What the whole server says about closing connections, beside each listener's own drain. Any thread. */
public final class ServerDrain {

    private final ServerState state;
    private volatile @Nullable DrainSequence inbound;
    private volatile @Nullable DrainSequence all;

    public ServerDrain(ServerState state) {
        this.state = state;
    }

    /** Begins a graceful drain; false if one of that kind has begun already. */
    public boolean begin(boolean inboundOnly, DrainOptions options, long nowNanos) {
        if (inboundOnly ? inbound != null || all != null : all != null) {
            return false;
        }
        if (inboundOnly) {
            inbound = options.begin(nowNanos);
        } else {
            all = options.begin(nowNanos);
        }
        return true;
    }

    /** Whether a response on a connection of the listener is to be its last. */
    boolean closes(Listener listener, Loop loop) {
        if (state.healthCheckFailed() && listener.drainOnHealthCheckFail()) {
            return true;
        }
        DrainSequence sequence = all;
        if (sequence == null && listener.trafficDirection() == TrafficDirection.INBOUND) {
            sequence = inbound;
        }
        return sequence != null && sequence.closes(loop.nanoTime(), loop.random());
    }
}
