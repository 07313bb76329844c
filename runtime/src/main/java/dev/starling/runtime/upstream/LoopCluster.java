package dev.starling.runtime.upstream;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.EndpointState;
import dev.starling.lb.HealthFlag;
import dev.starling.lb.Pick;
import dev.starling.lb.picker.LbStats;
import dev.starling.lb.picker.LoadBalancer;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Transport;
import dev.starling.runtime.message.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one loop keeps of one cluster: its balancer, and a pool for each endpoint it has used. Confined to the loop. */
@SuppressWarnings("ReferenceEquality") // what was published is current by identity
public final class LoopCluster {

    private final Loop loop;
    private final Transport transport;
    private final ClusterSlot slot;
    private final Map<PoolKey, HostPool> pools = new HashMap<>();
    private final Set<HostPool> draining = new HashSet<>();

    private ClusterSnapshot snapshot;
    private LoadBalancer balancer;

    /** An endpoint's identity is its state, which outlives endpoint sets. */
    private record PoolKey(EndpointState endpoint, RoutingPriority priority, PoolProtocol protocol) {}

    LoopCluster(Loop loop, Transport transport, ClusterSlot slot, ClusterSnapshot snapshot) {
        this.loop = loop;
        this.transport = transport;
        this.slot = slot;
        this.snapshot = snapshot;
        this.balancer = balancer(snapshot);
        balancer.update(snapshot.endpoints());
    }

    private LoadBalancer balancer(ClusterSnapshot version) {
        LbStats stats = () -> version.traffic().stats().lbHealthyPanic.inc(loop.stats());
        return LoadBalancer.create(
                version.settings().lbPolicy(),
                version.settings().commonLb(),
                loop.random(),
                loop.clock().nanos(),
                stats);
    }

    /** Takes over what was published since; null if the cluster is gone. */
    @Nullable
    LoopCluster refreshed() {
        ClusterSnapshot current = slot.current();
        if (current == null) {
            drainAll();
            return null;
        }
        if (current != snapshot) {
            apply(current);
        }
        return this;
    }

    private void apply(ClusterSnapshot next) {
        boolean replaced = next.settings() != snapshot.settings();
        boolean membership = next.endpoints() != snapshot.endpoints();
        boolean changed = next.traffic() != snapshot.traffic();
        snapshot = next;
        if (replaced || changed) {
            balancer = balancer(next);
            drainAll();
        }
        if (replaced || membership) {
            balancer.update(next.endpoints());
            drainDeparted(next.endpoints());
        }
    }

    /** Pools of endpoints that left, or whose health failed, finish what they have. */
    private void drainDeparted(EndpointSet endpoints) {
        if (pools.isEmpty()) {
            return;
        }
        Set<EndpointState> present = new HashSet<>();
        for (Endpoint endpoint : endpoints.endpoints()) {
            present.add(endpoint.state());
        }
        for (Map.Entry<PoolKey, HostPool> entry : new ArrayList<>(pools.entrySet())) {
            EndpointState state = entry.getKey().endpoint();
            boolean failed = state.has(HealthFlag.FAILED_ACTIVE_HC) || state.has(HealthFlag.FAILED_OUTLIER_CHECK);
            if (!present.contains(state) || failed) {
                drain(entry.getKey(), entry.getValue());
            }
        }
    }

    private void drainAll() {
        for (Map.Entry<PoolKey, HostPool> entry : new ArrayList<>(pools.entrySet())) {
            drain(entry.getKey(), entry.getValue());
        }
    }

    private void drain(PoolKey key, HostPool pool) {
        pools.remove(key);
        draining.add(pool);
        pool.drain();
    }

    void onPoolEmpty(HostPool pool) {
        draining.remove(pool);
    }

    /** Chooses an endpoint among the current ones. */
    public Pick pick() {
        if (slot.current() != snapshot) {
            refreshed();
        }
        return balancer.pick();
    }

    /**
     * The pool for an endpoint that was just picked.
     *
     * @param downstream what the client speaks
     */
    public HostPool pool(Endpoint endpoint, RoutingPriority priority, Protocol downstream) {
        PoolProtocol protocol = PoolProtocol.of(settings().http(), downstream);
        PoolKey key = new PoolKey(endpoint.state(), priority, protocol);
        HostPool pool = pools.get(key);
        if (pool == null) {
            pool = new HostPool(this, endpoint, traffic().breaker(priority), protocol);
            pools.put(key, pool);
        }
        return pool;
    }

    public ClusterSnapshot snapshot() {
        return snapshot;
    }

    public Cluster settings() {
        return snapshot.settings();
    }

    public ClusterTraffic traffic() {
        return snapshot.traffic();
    }

    Loop loop() {
        return loop;
    }

    public Transport transport() {
        return transport;
    }
}
