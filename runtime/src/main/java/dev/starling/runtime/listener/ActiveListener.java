package dev.starling.runtime.listener;

import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.Listener;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.network.LoopFilter;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One version of a listener in service: finds the filter chain of each connection and hands it over. Immutable; the
 * listening socket reads the current version with each accept.
 */
public final class ActiveListener {

    private final Listener config;
    private final FilterChainMatcher matcher;
    private final Map<FilterChain, ActiveFilterChain> chains;
    private final ListenerStats stats;
    private final AtomicLong connectionIds;

    ActiveListener(
            Listener config,
            ListenerStats stats,
            AtomicLong connectionIds,
            Map<FilterChain, ActiveFilterChain> chains) {
        this.config = config;
        this.matcher = FilterChainMatcher.of(config.filterChains(), config.defaultFilterChain());
        this.chains = Map.copyOf(chains);
        this.stats = stats;
        this.connectionIds = connectionIds;
    }

    public Listener config() {
        return config;
    }

    /** By configuration, the default chain included. */
    Map<FilterChain, ActiveFilterChain> chains() {
        return chains;
    }

    /** Serves a connection that was accepted on this loop. */
    void accept(Channel channel, Loop loop) {
        SocketAddress local = channel.localAddress();
        SocketAddress remote = channel.remoteAddress();
        if (local == null || remote == null) { // the client has gone already
            channel.close();
            return;
        }
        stats.cxTotal().inc(loop.stats());
        stats.cxActive().add(loop.stats(), 1);
        FilterChain match = matcher.match(ConnectionTraits.of(local, remote));
        Connection connection = new Connection(
                connectionIds.incrementAndGet(), loop, stats, match == null ? "" : match.name(), local, remote);
        if (match == null) {
            stats.noFilterChainMatch().inc(loop.stats());
            connection.closed(channel);
            channel.close();
            return;
        }
        LoopFilter lane = java.util.Objects.requireNonNull(chains.get(match)).lane(loop);
        if (lane == null) {
            connection.closed(channel);
            channel.close();
            return;
        }
        lane.accept(channel, connection);
    }

    private static final class Connection implements ConnectionOwner {

        private final long id;
        private final Loop loop;
        private final ListenerStats stats;
        private final String filterChainName;
        private final SocketAddress local;
        private final SocketAddress remote;
        private final long acceptedNanos;

        Connection(
                long id,
                Loop loop,
                ListenerStats stats,
                String filterChainName,
                SocketAddress local,
                SocketAddress remote) {
            this.id = id;
            this.loop = loop;
            this.stats = stats;
            this.filterChainName = filterChainName;
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
            return filterChainName;
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
        public void closed(Channel channel) {
            stats.cxActive().add(loop.stats(), -1);
            stats.cxDestroy().inc(loop.stats());
            stats.cxLengthMs().record(loop.stats(), TimeUnit.NANOSECONDS.toMillis(loop.nanoTime() - acceptedNanos));
        }
    }
}
