package dev.starling.runtime.listener;

import dev.starling.config.listener.FilterChain;
import dev.starling.runtime.accesslog.AccessLogger;
import dev.starling.runtime.accesslog.HeaderView;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Loops;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.network.LoopFilter;
import dev.starling.runtime.network.NetworkFilter;
import dev.starling.runtime.tls.QuicTls;
import dev.starling.runtime.tls.TlsFailure;
import dev.starling.runtime.tls.TlsHandshake;
import dev.starling.runtime.tls.TlsSession;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A filter chain in service: its terminal network filter, running on every loop, and the count of its connections.
 * Carried over from one version of its listener to the next as long as it does not change, with its connections.
 */
public final class ActiveFilterChain {

    private static final Logger log = LoggerFactory.getLogger(ActiveFilterChain.class);

    private final FilterChain config;
    private final List<Lane> lanes;
    private final List<AccessLogger> accessLogs;
    private final @Nullable ChainTls tls;
    private volatile @Nullable DrainSequence drain;

    private ActiveFilterChain(
            FilterChain config, List<Lane> lanes, List<AccessLogger> accessLogs, @Nullable ChainTls tls) {
        this.config = config;
        this.lanes = List.copyOf(lanes);
        this.accessLogs = List.copyOf(accessLogs);
        this.tls = tls;
    }

    /**
     * Starts the filter on all loops; complete when connections can be accepted. Any thread.
     *
     * @param filter null for a chain without filters, which closes what it gets
     * @param accessLogs of the listener: each connection is logged there when it has closed
     * @param tls null for a chain whose connections are taken as they are
     */
    public static CompletionStage<ActiveFilterChain> start(
            FilterChain config,
            @Nullable NetworkFilter filter,
            List<AccessLogger> accessLogs,
            @Nullable ChainTls tls,
            Loops loops) {
        if (filter == null) {
            return CompletableFuture.completedStage(new ActiveFilterChain(config, List.of(), accessLogs, tls));
        }
        List<CompletableFuture<Lane>> starting = new ArrayList<>();
        for (Loop loop : loops) {
            starting.add(CompletableFuture.supplyAsync(() -> new Lane(loop, filter.onLoop(loop)), loop.eventLoop()));
        }
        return CompletableFuture.allOf(starting.toArray(CompletableFuture[]::new))
                .thenApply(_ -> new ActiveFilterChain(
                        config,
                        starting.stream().map(CompletableFuture::resultNow).toList(),
                        accessLogs,
                        tls))
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        starting.forEach(lane -> lane.thenAccept(Lane::retire));
                    }
                });
    }

    public FilterChain config() {
        return config;
    }

    /** On the connection's loop. */
    void accept(Channel channel, AcceptedConnection connection, Loop loop) {
        if (lanes.isEmpty()) {
            connection.closed(channel);
            channel.close();
        } else if (tls == null || tls.quic() != null) {
            lanes.get(loop.index()).accept(channel, connection);
        } else {
            lanes.get(loop.index()).secure(channel, connection, tls);
        }
    }

    /** Whether no connections are taken any more. On the loop. */
    boolean retired(Loop loop) {
        return !lanes.isEmpty() && lanes.get(loop.index()).retired;
    }

    /** What secures a new connection of QUIC; null if the chain is not for QUIC. */
    @Nullable
    QuicTls quic() {
        return tls == null ? null : tls.quic();
    }

    /** A connection that was accepted has closed. On its loop. */
    void left(Loop loop) {
        if (!lanes.isEmpty()) {
            lanes.get(loop.index()).left();
        }
    }

    /** Whether {@link #log} has anything to do. */
    boolean logs() {
        return !accessLogs.isEmpty();
    }

    /** Logs a connection that has closed. On its loop. */
    void log(StreamInfo info, Loop loop) {
        StringBuilder scratch = new StringBuilder();
        for (AccessLogger logger : accessLogs) {
            logger.log(info, HeaderView.NONE, HeaderView.NONE, loop, scratch);
        }
    }

    /** Whether a response is to be the last of its connection because the chain drains. */
    boolean closes(Loop loop) {
        DrainSequence sequence = drain;
        return sequence != null && sequence.closes(loop.nanoTime(), loop.random());
    }

    /** From now on connections end with their next response, each one or more and more of them. Any thread. */
    public void drain(DrainOptions options, long nowNanos) {
        drain = options.begin(nowNanos);
    }

    /** From now on every connection ends with its next response. Any thread. */
    public void drainAtOnce() {
        drain = DrainSequence.AT_ONCE;
    }

    /**
     * No new connections will come; the flows end with the last connection. Any thread.
     *
     * @return complete when the last connection has left
     */
    public CompletionStage<Void> retire() {
        List<CompletableFuture<Void>> left = new ArrayList<>();
        for (Lane lane : lanes) {
            left.add(lane.empty);
            lane.run(Lane::retire);
        }
        return CompletableFuture.allOf(left.toArray(CompletableFuture[]::new));
    }

    /** Closes connections without work at once, the others when their work is done. Any thread. */
    public void closeGently() {
        lanes.forEach(lane -> lane.run(each -> each.filter.drain()));
    }

    /** Closes all connections, whatever they are doing. Any thread. */
    public void close() {
        lanes.forEach(lane -> lane.run(Lane::closeAll));
    }

    /** The chain on one loop. Confined to it but for the fields. */
    private static final class Lane {

        private final Loop loop;
        private final LoopFilter filter;
        private final CompletableFuture<Void> empty = new CompletableFuture<>();
        private final Set<TlsHandshake> handshakes = new HashSet<>();
        private int connections;
        private boolean retired;

        Lane(Loop loop, LoopFilter filter) {
            this.loop = loop;
            this.filter = filter;
        }

        void run(Consumer<Lane> action) {
            loop.run(() -> action.accept(this));
        }

        /** The filter gets the connection when it is secured; until then it counts here all the same. */
        void secure(Channel channel, AcceptedConnection connection, ChainTls tls) {
            if (filter.configured()) {
                connections++;
                new Securing(channel, connection).begin(tls);
            } else {
                accept(channel, connection); // which closes it, as Envoy does before it is secured
            }
        }

        private final class Securing implements TlsHandshake.Outcome {

            private final Channel channel;
            private final AcceptedConnection connection;
            private @Nullable TlsHandshake handshake;

            Securing(Channel channel, AcceptedConnection connection) {
                this.channel = channel;
                this.connection = connection;
            }

            void begin(ChainTls tls) {
                TlsHandshake.accept(loop, channel, tls.holder(), tls.stats(), tls.handshakeTimeoutNanos(), this)
                        .ifPresent(begun -> {
                            handshake = begun;
                            handshakes.add(begun);
                        });
            }

            @Override
            public void secured(TlsSession session) {
                handshakes.remove(handshake);
                connection.secured(session);
                serve(channel, connection);
            }

            @Override
            public void failed(TlsFailure failure) {
                handshakes.remove(handshake);
                connection.notSecured(failure);
                connection.closed(channel);
            }
        }

        void closeAll() {
            for (TlsHandshake handshake : List.copyOf(handshakes)) {
                handshake.abort();
            }
            filter.closeAll();
        }

        void accept(Channel channel, ConnectionOwner connection) {
            connections++;
            serve(channel, connection);
        }

        private void serve(Channel channel, ConnectionOwner connection) {
            try {
                filter.accept(channel, connection);
            } catch (RuntimeException fault) {
                log.error("{}: cannot serve {}", loop, channel, fault);
                connection.closed(channel);
                channel.close();
            }
        }

        void left() {
            connections--;
            completeMaybe();
        }

        void retire() {
            if (!retired) {
                retired = true;
                filter.retire(() -> {});
                completeMaybe();
            }
        }

        private void completeMaybe() {
            if (retired && connections == 0) {
                empty.complete(null);
            }
        }
    }
}
