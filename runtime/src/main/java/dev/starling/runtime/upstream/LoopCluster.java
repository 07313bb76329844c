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
import dev.starling.runtime.cluster.OriginalDestinations;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Transport;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.proxyprotocol.ProxyHeader;
import dev.starling.runtime.proxyprotocol.ProxyHeaderWriter;
import dev.starling.runtime.tls.PeerNames;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one loop keeps of one cluster: its balancer, and a pool for each endpoint it has used. An aggregate has no endpoints
 * of its own and picks from those of other clusters. Confined to the loop.
 */
@SuppressWarnings("ReferenceEquality") // what was published is current by identity
public final class LoopCluster {

    private final Loop loop;
    private final Transport transport;
    private final Supplier<RuntimeSnapshot> runtime;
    private final LoopClusters others;
    private final ClusterSlot slot;
    private final Map<PoolKey, HostPool> pools = new HashMap<>();
    private final Set<HostPool> draining = new HashSet<>();

    private ClusterSnapshot snapshot;
    private LoadBalancer balancer;
    private @Nullable ProxyHeaderWriter proxyHeaders;
    private @Nullable AggregateBalancer aggregate;
    private LoopCluster picked = this;

    /** An endpoint's identity is its state, which outlives endpoint sets. */
    record PoolKey(
            EndpointState endpoint,
            RoutingPriority priority,
            PoolProtocol protocol,
            @Nullable ByteBuffer client,
            @Nullable PeerNames names) {

        /** Whether the pool is of use for few requests only. */
        boolean particular() {
            return client != null || names != null;
        }
    }

    LoopCluster(
            Loop loop,
            Transport transport,
            Supplier<RuntimeSnapshot> runtime,
            LoopClusters others,
            ClusterSlot slot,
            ClusterSnapshot snapshot) {
        this.loop = loop;
        this.transport = transport;
        this.runtime = runtime;
        this.others = others;
        this.slot = slot;
        this.snapshot = snapshot;
        this.balancer = balancer(snapshot);
        balancer.update(snapshot.endpoints());
        this.proxyHeaders = proxyHeaders(snapshot);
        this.aggregate = aggregate(snapshot);
    }

    private @Nullable AggregateBalancer aggregate(ClusterSnapshot version) {
        return version.settings().members().isEmpty()
                ? null
                : new AggregateBalancer(version.settings(), others, loop.random());
    }

    private static @Nullable ProxyHeaderWriter proxyHeaders(ClusterSnapshot version) {
        return version.settings().proxyProtocol().map(ProxyHeaderWriter::new).orElse(null);
    }

    private LoadBalancer balancer(ClusterSnapshot version) {
        LbStats stats = () -> version.traffic().stats().lbHealthyPanic.inc(loop.stats());
        return LoadBalancer.create(
                version.settings().lbPolicy(),
                version.settings().commonLb(),
                setting -> runtime.get().number(setting),
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
        if (aggregate != null && aggregate.letGo()) {
            picked = this;
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
            proxyHeaders = proxyHeaders(next);
            aggregate = aggregate(next);
            picked = this;
            drainAll();
        }
        if (replaced || membership) {
            balancer.update(next.endpoints());
            drainDeparted(next.endpoints());
        }
    }

    /** Pools of endpoints that left, or whose health failed, finish what they have. */
    private void drainDeparted(EndpointSet endpoints) {
        Set<EndpointState> present = null;
        for (Map.Entry<PoolKey, HostPool> entry : new ArrayList<>(pools.entrySet())) {
            EndpointState state = entry.getKey().endpoint();
            boolean stays = endpoints
                    .byAddress(entry.getValue().endpoint().addressText())
                    .filter(same -> same.state() == state)
                    .isPresent();
            if (!stays) {
                // Unless it has another address now. Not looked up before: in a large cluster it holds up the loop.
                present = present == null ? states(endpoints) : present;
                stays = present.contains(state);
            }
            if (!stays || state.has(HealthFlag.FAILED_ACTIVE_HC) || state.has(HealthFlag.FAILED_OUTLIER_CHECK)) {
                drain(entry.getKey(), entry.getValue());
            }
        }
    }

    private static Set<EndpointState> states(EndpointSet endpoints) {
        Set<EndpointState> states = new HashSet<>();
        for (Endpoint endpoint : endpoints.endpoints()) {
            states.add(endpoint.state());
        }
        return states;
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
        pools.remove(pool.key(), pool);
    }

    /** Chooses an endpoint among the current ones. */
    public Pick pick() {
        if (slot.current() != snapshot) {
            refreshed();
        }
        return aggregate == null ? balancer.pick() : pick(aggregate, DestinationSource.UNKNOWN);
    }

    /** The same, but where the endpoints are the destinations of connections, the one that this is meant for. */
    public Pick pick(DestinationSource source) {
        if (slot.current() != snapshot) {
            refreshed();
        }
        return aggregate == null ? destined(balancer.pick(), source) : pick(aggregate, source);
    }

    /** Whether a pick may depend on where something was meant to go. */
    public boolean asksForDestination() {
        return aggregate != null || snapshot.traffic().destinations() != null;
    }

    private Pick pick(AggregateBalancer members, DestinationSource source) {
        AggregateBalancer.Level level = members.choose();
        if (level == null) {
            picked = this;
            return Pick.NoEndpoint.NO_HEALTHY_UPSTREAM;
        }
        LoopCluster member = level.cluster();
        picked = member;
        return member.destined(member.balancer.pick(level.priority(), level.degraded()), source);
    }

    /**
     * The cluster of the endpoint that was picked last, and all that concerns its connections: this one, but for an aggregate the
     * one that it has chosen.
     */
    public LoopCluster picked() {
        return picked;
    }

    private Pick destined(Pick pick, DestinationSource source) {
        OriginalDestinations destinations = snapshot.traffic().destinations();
        if (destinations == null) {
            return pick;
        }
        InetSocketAddress destination = source.destination(destinations.header());
        Endpoint endpoint = destination == null ? null : destinations.endpoint(destination);
        return endpoint == null ? Pick.NoEndpoint.NO_HEALTHY_UPSTREAM : endpoint;
    }

    /** Who knows where something was meant to go. */
    @FunctionalInterface
    public interface DestinationSource {

        DestinationSource UNKNOWN = _ -> null;

        /**
         * Null: nobody knows.
         *
         * @param header that may name it, for requests
         */
        @Nullable
        InetSocketAddress destination(Optional<String> header);
    }

    /**
     * The pool for an endpoint that was just picked.
     *
     * @param downstream what the client speaks
     * @param told what the endpoint is told of the client; null for nothing
     * @param names by which the request knows the endpoint; null: as the cluster has it
     */
    public HostPool pool(
            Endpoint endpoint,
            RoutingPriority priority,
            Protocol downstream,
            @Nullable ProxyHeader told,
            @Nullable PeerNames names) {
        PoolProtocol protocol = PoolProtocol.of(settings().http(), downstream);
        ProxyHeaderWriter writer = proxyHeaders;
        ByteBuffer tellsApart = writer == null || told == null ? null : writer.tellsApart(told);
        PoolKey key = new PoolKey(endpoint.state(), priority, protocol, tellsApart, names);
        HostPool pool = pools.get(key);
        if (pool == null) {
            pool = new HostPool(this, key, endpoint, traffic().breaker(priority), preamble(told));
            pools.put(key, pool);
        }
        return pool;
    }

    /** What a connection for this client begins with; null for nothing. */
    public @Nullable ByteBuffer preamble(@Nullable ProxyHeader client) {
        ProxyHeaderWriter writer = proxyHeaders;
        return writer == null || client == null ? null : ByteBuffer.wrap(writer.header(client));
    }

    /** Whether endpoints are told who the client is. */
    public boolean tellsClients() {
        return proxyHeaders != null;
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
