package dev.starling.runtime.listener;

import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.Listener;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.upstream.Connecting;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import java.net.SocketAddress;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One version of a listener in service: finds the filter chain of each connection and hands it over. Immutable; the
 * listening socket reads the current version with each accept.
 */
public final class ActiveListener {

    private final Listener config;
    private final FilterChainMatcher matcher;

    /** By the very objects the matcher answers with: to hash a chain is to walk its whole configuration. */
    private final IdentityHashMap<FilterChain, ActiveFilterChain> chains;

    private final WriteBufferWaterMark writeMarks;
    private final Shared shared;

    /**
     * What all versions of a listener share.
     *
     * @param connections of the whole server
     * @param connectionIds of the whole server
     */
    public record Shared(ListenerStats stats, ServerDrain serverDrain, Gauge connections, AtomicLong connectionIds) {}

    /** @param chains by identity: for each chain of the configuration, the default chain included, what serves it */
    public ActiveListener(Listener config, Map<FilterChain, ActiveFilterChain> chains, Shared shared) {
        this.config = config;
        this.matcher = FilterChainMatcher.of(config.filterChains(), config.defaultFilterChain());
        this.chains = new IdentityHashMap<>();
        config.filterChains().forEach(chain -> this.chains.put(chain, Objects.requireNonNull(chains.get(chain))));
        config.defaultFilterChain()
                .ifPresent(chain -> this.chains.put(chain, Objects.requireNonNull(chains.get(chain))));
        this.writeMarks =
                Connecting.writeMarks(config.perConnectionBufferLimit().clampedToInt());
        this.shared = shared;
    }

    public Listener config() {
        return config;
    }

    /** Serves a connection that was accepted on this loop. */
    void accept(Channel channel, Loop loop) {
        SocketAddress local = channel.localAddress();
        SocketAddress remote = channel.remoteAddress();
        if (local == null || remote == null) { // the client has gone already
            channel.close();
            return;
        }
        ListenerStats stats = shared.stats();
        FilterChain match = matcher.match(ConnectionTraits.of(local, remote));
        if (match == null) {
            stats.noFilterChainMatch().inc(loop.stats());
            channel.close();
            return;
        }
        channel.config().setWriteBufferWaterMark(writeMarks);
        stats.cxTotal().inc(loop.stats());
        stats.cxActive().add(loop.stats(), 1);
        shared.connections().add(loop.stats(), 1);
        ActiveFilterChain chain = Objects.requireNonNull(chains.get(match));
        chain.accept(channel, new Connection(chain, loop, local, remote), loop);
    }

    private final class Connection implements ConnectionOwner {

        private final long id = shared.connectionIds().incrementAndGet();
        private final ActiveFilterChain chain;
        private final Loop loop;
        private final SocketAddress local;
        private final SocketAddress remote;
        private final long acceptedNanos;
        private @Nullable StreamInfo info;

        Connection(ActiveFilterChain chain, Loop loop, SocketAddress local, SocketAddress remote) {
            this.chain = chain;
            this.loop = loop;
            this.local = local;
            this.remote = remote;
            this.acceptedNanos = loop.nanoTime();
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public String filterChainName() {
            return chain.config().name();
        }

        @Override
        public SocketAddress localAddress() {
            return local;
        }

        @Override
        public SocketAddress remoteAddress() {
            return remote;
        }

        @Override
        public StreamInfo info() {
            StreamInfo known = info;
            if (known == null) {
                known = describe();
                info = known;
            }
            return known;
        }

        private StreamInfo describe() {
            StreamInfo made = new StreamInfo();
            made.startNanos = acceptedNanos;
            made.startWallMillis =
                    loop.clock().wallMillis() - TimeUnit.NANOSECONDS.toMillis(loop.nanoTime() - acceptedNanos);
            made.connectionId = id;
            made.filterChainName = filterChainName();
            made.downstreamLocalAddress = local;
            made.downstreamRemoteAddress = remote;
            made.downstreamDirectRemoteAddress = remote;
            return made;
        }

        @Override
        public boolean drainClose() {
            return chain.closes(loop) || shared.serverDrain().closes(config, loop);
        }

        @Override
        public void closed(Channel channel) {
            ListenerStats stats = shared.stats();
            stats.cxActive().add(loop.stats(), -1);
            shared.connections().add(loop.stats(), -1);
            stats.cxDestroy().inc(loop.stats());
            stats.cxLengthMs().record(loop.stats(), TimeUnit.NANOSECONDS.toMillis(loop.nanoTime() - acceptedNanos));
            chain.left(loop);
            if (chain.logs()) {
                info().endNanos = loop.nanoTime();
                chain.log(info());
            }
        }
    }
}
