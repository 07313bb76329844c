package dev.starling.runtime.listener;

import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.Listener;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.listener.filter.ListenerFilters;
import dev.starling.runtime.listener.filter.UnservedLog;
import dev.starling.runtime.listener.match.FilterChainMatcher;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.network.ConnectionTraits;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.tls.QuicTls;
import dev.starling.runtime.tls.TlsFailure;
import dev.starling.runtime.tls.TlsSession;
import dev.starling.runtime.upstream.Connecting;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.quic.QuicChannel;
import java.net.InetSocketAddress;
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
    private final ListenerFilters filters;
    private final UnservedLog unserved;
    private final FilterChainMatcher matcher;

    /** By the very objects the matcher answers with: to hash a chain is to walk its whole configuration. */
    private final IdentityHashMap<FilterChain, ActiveFilterChain> chains;

    private final WriteBufferWaterMark writeMarks;
    private final Shared shared;

    /**
     * What all versions of a listener share.
     *
     * @param directory of the whole server
     * @param connections of the whole server
     * @param connectionIds of the whole server
     */
    public record Shared(
            ListenerStats stats,
            ServerDrain serverDrain,
            ListenerDirectory directory,
            Gauge connections,
            AtomicLong connectionIds) {}

    /** @param chains by identity: for each chain of the configuration, the default chain included, what serves it */
    public ActiveListener(
            Listener config,
            ListenerFilters filters,
            UnservedLog unserved,
            Map<FilterChain, ActiveFilterChain> chains,
            Shared shared) {
        this.config = config;
        this.filters = filters;
        this.unserved = unserved;
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
        SocketAddress listening = channel.parent().localAddress();
        SocketAddress local;
        SocketAddress remote;
        if (channel instanceof QuicChannel quic) {
            local = quic.localSocketAddress();
            remote = quic.remoteSocketAddress();
        } else if (listening instanceof InetSocketAddress) {
            local = channel.localAddress();
            remote = channel.remoteAddress();
        } else { // a client of a pipe has no name; Envoy says so too
            local = listening;
            remote = listening;
        }
        if (local == null || remote == null) { // the client has gone already
            channel.close();
            return;
        }
        ConnectionTraits traits = new ConnectionTraits(local, remote);
        if (channel instanceof QuicChannel) {
            traits.transportProtocol("quic");
        }
        if (filters.isEmpty()) {
            serve(channel, traits, loop, Unpooled.EMPTY_BUFFER);
        } else {
            filters.inspect(channel, traits, loop, Unpooled.EMPTY_BUFFER, this::handOff);
        }
    }

    /** A connection that was redirected goes on to the listener that it was meant for, if there is one. */
    private void handOff(Channel channel, ConnectionTraits traits, Loop loop, ByteBuf held) {
        ActiveListener meant = config.useOriginalDst() && traits.localRestored()
                ? shared.directory().find(traits.local())
                : null;
        if (meant == null || meant.config.name().equals(config.name())) {
            serve(channel, traits, loop, held);
        } else if (meant.filters.isEmpty()) {
            meant.serve(channel, traits, loop, held);
        } else {
            meant.filters.inspect(channel, traits, loop, held, meant::serve);
        }
    }

    /** What secures a new connection of QUIC; null if this version is not for QUIC. */
    @Nullable
    QuicTls quic() {
        return chains.values().iterator().next().quic();
    }

    /** Nothing stands between the connection and its filter chain any more. */
    private void serve(Channel channel, ConnectionTraits traits, Loop loop, ByteBuf held) {
        ListenerStats stats = shared.stats();
        if (traits.transportProtocol().isEmpty()) {
            traits.transportProtocol("raw_buffer");
        }
        FilterChain match = matcher.match(traits);
        if (match == null) {
            stats.noFilterChainMatch().inc(loop.stats());
            unserved.noFilterChain(traits, loop);
            if (held.isReadable()) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0); // as a socket with bytes that nobody has read
            }
            held.release();
            channel.close();
            return;
        }
        ActiveFilterChain chain = Objects.requireNonNull(chains.get(match));
        if (chain.retired(loop)) { // while the connection was being looked at
            held.release();
            channel.close();
            return;
        }
        channel.config().setWriteBufferWaterMark(writeMarks);
        stats.cxTotal().inc(loop.stats());
        stats.cxActive().add(loop.stats(), 1);
        ListenerStats.Worker worker = stats.workers().get(loop.index());
        worker.cxTotal().inc(loop.stats());
        worker.cxActive().add(loop.stats(), 1);
        shared.connections().add(loop.stats(), 1);
        Connection connection = new Connection(chain, loop, traits);
        QuicTls tls = chain.quic();
        if (channel instanceof QuicChannel quic && tls != null) {
            connection.secured(tls.follow(quic, loop.stats(), traits::serverName));
        }
        chain.accept(channel, connection, loop);
        replay(channel, held);
    }

    /** What was read ahead comes again, before anything that is read from now on. */
    private static void replay(Channel channel, ByteBuf held) {
        if (held.isReadable()) {
            channel.pipeline().fireChannelRead(held);
            channel.pipeline().fireChannelReadComplete();
        } else {
            held.release();
        }
    }

    private final class Connection implements AcceptedConnection {

        private final long id = shared.connectionIds().incrementAndGet();
        private final ActiveFilterChain chain;
        private final Loop loop;
        private final ConnectionTraits traits;
        private final long acceptedNanos;
        private @Nullable TlsSession tls;
        private @Nullable StreamInfo info;

        Connection(ActiveFilterChain chain, Loop loop, ConnectionTraits traits) {
            this.chain = chain;
            this.loop = loop;
            this.traits = traits;
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
        public ConnectionTraits traits() {
            return traits;
        }

        @Override
        public @Nullable TlsSession tls() {
            return tls;
        }

        @Override
        public void secured(TlsSession session) {
            tls = session;
        }

        @Override
        public void notSecured(TlsFailure failure) {
            if (failure.isTimeout()) {
                shared.stats().transportSocketConnectTimeout().inc(loop.stats());
            }
            tls = failure.unfinished();
            if (chain.logs()) {
                info().downstreamTransportFailure = failure.reason();
                info().connectionTerminationDetails = failure.isTimeout() ? "transport socket timeout was reached" : "";
            }
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
            made.downstream = this;
            return made;
        }

        @Override
        public boolean drainClose() {
            return chain.closes(loop) || shared.serverDrain().closes(config, loop);
        }

        @Override
        public void carried(@Nullable Protocol protocol, long receivedBytes, long sentBytes) {
            if (chain.logs()) {
                info().protocol = protocol == null ? "" : protocol.toString();
                info().bytesReceived = receivedBytes;
                info().bytesSent = sentBytes;
            }
        }

        @Override
        public void closed(Channel channel) {
            ListenerStats stats = shared.stats();
            stats.cxActive().add(loop.stats(), -1);
            stats.workers().get(loop.index()).cxActive().add(loop.stats(), -1);
            shared.connections().add(loop.stats(), -1);
            stats.cxDestroy().inc(loop.stats());
            stats.cxLengthMs().record(loop.stats(), TimeUnit.NANOSECONDS.toMillis(loop.nanoTime() - acceptedNanos));
            chain.left(loop);
            if (chain.logs()) {
                info().endNanos = loop.nanoTime();
                chain.log(info(), loop);
            }
        }
    }
}
