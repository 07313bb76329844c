package dev.starling.runtime.network.connectionlimit;

import dev.starling.config.tcp.ConnectionLimit;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.network.ConnectionGate;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Counts the connections of one filter chain, on all loops together, and refuses those that are too many. */
final class ConnectionLimitGate implements ConnectionGate {

    private final ConnectionLimit config;
    private final Supplier<RuntimeSnapshot> runtime;
    private final Gauge active;
    private final Counter limited;
    private final AtomicLong connections = new AtomicLong();

    ConnectionLimitGate(ConnectionLimit config, Supplier<RuntimeSnapshot> runtime, Gauge active, Counter limited) {
        this.config = config;
        this.runtime = runtime;
        this.active = active;
        this.limited = limited;
    }

    @Override
    public Admission admit(ConnectionOwner connection, Loop loop) {
        if (!runtime.get().isOn(config.enabled())) {
            return Admission.open();
        }
        active.add(loop.stats(), 1);
        if (connections.incrementAndGet() <= config.maxConnections()) {
            return Admission.passing(() -> {
                connections.decrementAndGet();
                active.add(loop.stats(), -1);
            });
        }
        connections.decrementAndGet();
        limited.inc(loop.stats());
        return Admission.refused(config.delay(), () -> active.add(loop.stats(), -1));
    }
}
