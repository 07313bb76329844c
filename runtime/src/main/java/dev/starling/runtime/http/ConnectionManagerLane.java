package dev.starling.runtime.http;

import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.codec.http2.Preface;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.LoopFlow;
import dev.starling.runtime.message.DownstreamStream;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.network.LoopFilter;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.tls.TlsSession;
import dev.starling.runtime.upstream.LoopClusters;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.quic.QuicChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.jspecify.annotations.Nullable;

/**
 * The connection manager of one filter chain on one loop: its running flow, its connections and its exchanges. Confined
 * to the loop.
 */
public final class ConnectionManagerLane implements LoopFilter {

    private final ConnectionManager manager;
    private final Loop loop;
    private final LoopClusters clusters;
    private final LoopFlow<Exchange> flow;
    private final Set<ServerConnection> connections = new HashSet<>();
    private final DateHeader date;
    private final StringBuilder logScratch = new StringBuilder(512);
    private final int bufferLimit;
    private final long streamIdleNanos;
    private @Nullable Exchange exchanges;
    private boolean draining;
    private @Nullable Runnable left;

    ConnectionManagerLane(
            ConnectionManager manager, Loop loop, LoopClusters clusters, ActorSystem system, int bufferLimit) {
        this.manager = manager;
        this.loop = loop;
        this.clusters = clusters;
        this.date = new DateHeader(loop.clock());
        this.bufferLimit = bufferLimit;
        this.streamIdleNanos = manager.config().timeouts().streamIdle().toNanos();
        this.flow = LoopFlow.start(
                loop,
                "http-" + manager.config().statPrefix() + "-" + loop.index(),
                List.of(
                        new LoopFlow.Stage<>("connection-manager", Exchange::managerTurn),
                        new LoopFlow.Stage<>("router", Exchange::terminalTurn)),
                system);
    }

    public ConnectionManager manager() {
        return manager;
    }

    public Loop loop() {
        return loop;
    }

    public LoopClusters clusters() {
        return clusters;
    }

    public int bufferLimit() {
        return bufferLimit;
    }

    @Override
    public void accept(Channel channel, ConnectionOwner owner) {
        ConnectionManagerStats stats = manager.stats();
        stats.cxTotal.inc(loop.stats());
        stats.cxActive.add(loop.stats(), 1);
        if (channel instanceof QuicChannel || owner.tls() != null) {
            stats.cxSslTotal.inc(loop.stats());
            stats.cxSslActive.add(loop.stats(), 1);
        }
        if (channel instanceof QuicChannel quic) {
            Http3ServerConnection connection = new Http3ServerConnection(this, quic, owner);
            connections.add(connection);
            connection.begin();
            if (draining) {
                connection.drain();
            }
        } else if (speaksHttp2(owner)) {
            serve(channel, new Http2ServerConnection(this, channel, owner, loop.nanoTime(), new Preface()));
        } else {
            serve(channel, new Http1ServerConnection(this, channel, owner));
        }
    }

    /** Whether the client has agreed to it; one that has not may still begin with its preface. */
    private boolean speaksHttp2(ConnectionOwner owner) {
        TlsSession tls = owner.tls();
        return switch (manager.config().codecType()) {
            case HTTP1, HTTP3 -> false;
            case HTTP2 -> true;
            case AUTO -> tls != null && tls.alpn().equals("h2");
        };
    }

    private <C extends ChannelHandler & ServerConnection> void serve(Channel channel, C connection) {
        connections.add(connection);
        channel.pipeline().addLast(connection);
        if (draining) {
            connection.drain();
        }
    }

    /** The client speaks HTTP/2: another connection takes over the socket and what has been read. */
    void turnToHttp2(
            Http1ServerConnection first, Channel channel, ConnectionOwner owner, ByteBuf read, long openedNanos) {
        Http2ServerConnection connection = new Http2ServerConnection(this, channel, owner, openedNanos, null);
        connections.remove(first);
        connections.add(connection);
        channel.pipeline().replace(first, null, connection);
        connection.channelRead(channel.pipeline().context(connection), read);
        if (draining) {
            connection.drain();
        }
    }

    /** The first bytes have come and told what the client speaks. Called once at most. */
    void onSpoken(ServerConnection connection) {
        ConnectionManagerStats stats = manager.stats();
        Counter total = switch (connection) {
            case Http2ServerConnection _ -> stats.cxHttp2Total;
            case Http3ServerConnection _ -> stats.cxHttp3Total;
            default -> stats.cxHttp1Total;
        };
        total.inc(loop.stats());
        active(connection).add(loop.stats(), 1);
    }

    private Gauge active(ServerConnection connection) {
        return switch (connection) {
            case Http2ServerConnection _ -> manager.stats().cxHttp2Active;
            case Http3ServerConnection _ -> manager.stats().cxHttp3Active;
            default -> manager.stats().cxHttp1Active;
        };
    }

    /** The connection has closed. Called once. */
    void onClosed(ServerConnection connection, boolean remote, boolean withActiveRequest, long openNanos) {
        connections.remove(connection);
        ConnectionManagerStats stats = manager.stats();
        stats.cxActive.add(loop.stats(), -1);
        if (connection.secure()) {
            stats.cxSslActive.add(loop.stats(), -1);
        }
        if (connection.spoken()) {
            active(connection).add(loop.stats(), -1);
        }
        stats.cxDestroy.inc(loop.stats());
        (remote ? stats.cxDestroyRemote : stats.cxDestroyLocal).inc(loop.stats());
        if (withActiveRequest) {
            stats.cxDestroyActiveRq.inc(loop.stats());
            (remote ? stats.cxDestroyRemoteActiveRq : stats.cxDestroyLocalActiveRq).inc(loop.stats());
        }
        stats.cxLengthMs.record(loop.stats(), TimeUnit.NANOSECONDS.toMillis(openNanos));
        completeMaybe();
    }

    /** A request has begun. */
    public Exchange begin(DownstreamStream stream, RequestHead request) {
        return begin(stream, request, null);
    }

    /** What came was not a request: an exchange that only answers so. */
    public Exchange refuse(DownstreamStream stream, LocalReply reply) {
        return refuse(stream, nothing(Protocol.HTTP_1_1), reply);
    }

    /** @param nothing stands for the request that has not come */
    Exchange refuse(DownstreamStream stream, RequestHead nothing, LocalReply reply) {
        return begin(stream, nothing, reply);
    }

    /** What stands for a request that nobody has seen. */
    static RequestHead nothing(Protocol protocol) {
        return new RequestHead("", "", "", "", protocol, new Headers(), "", 0, true);
    }

    /** A request whose stream has been given up before anybody looked at it: counted and logged. */
    void lose(DownstreamStream stream, RequestHead nothing, ResponseFlag flag, String details) {
        begin(stream, nothing, null).lose(flag, details);
    }

    private Exchange begin(DownstreamStream stream, RequestHead request, @Nullable LocalReply refusal) {
        ConnectionManagerStats stats = manager.stats();
        stats.rqTotal.inc(loop.stats());
        Counter ofProtocol = switch (request.protocol()) {
            case HTTP_1_0, HTTP_1_1 -> stats.rqHttp1Total;
            case HTTP_2 -> stats.rqHttp2Total;
            case HTTP_3 -> stats.rqHttp3Total;
        };
        ofProtocol.inc(loop.stats());
        stats.rqActive.add(loop.stats(), 1);
        Exchange exchange = new Exchange(this, stream, request, refusal);
        exchange.nextInLane = exchanges;
        if (exchanges != null) {
            exchanges.previousInLane = exchange;
        }
        exchanges = exchange;
        flow.ready(exchange);
        return exchange;
    }

    /** For one log entry at a time. */
    StringBuilder logScratch() {
        return logScratch;
    }

    /** The value of the date header now. */
    byte[] date() {
        return date.value();
    }

    void ready(Exchange exchange) {
        flow.ready(exchange);
    }

    void ended(Exchange exchange) {
        Exchange previous = exchange.previousInLane;
        Exchange next = exchange.nextInLane;
        if (previous != null) {
            previous.nextInLane = next;
        } else if (exchanges == exchange) {
            exchanges = next;
        }
        if (next != null) {
            next.previousInLane = previous;
        }
        exchange.previousInLane = null;
        exchange.nextInLane = null;
        manager.onEnded(exchange);
        completeMaybe();
    }

    /** How long the exchange may be silent; 0 for ever. */
    long idleNanos(Exchange exchange) {
        return manager.idleNanos(exchange, streamIdleNanos);
    }

    @Override
    public boolean draining() {
        return draining;
    }

    @Override
    public void drain() {
        draining = true;
        for (ServerConnection connection : List.copyOf(connections)) {
            connection.drain();
        }
    }

    @Override
    public void closeAll() {
        for (ServerConnection connection : List.copyOf(connections)) {
            connection.closeNow();
        }
    }

    @Override
    public void retire(Runnable afterLast) {
        left = afterLast;
        completeMaybe();
    }

    @Override
    public int connections() {
        return connections.size();
    }

    private void completeMaybe() {
        Runnable afterLast = left;
        if (afterLast != null && connections.isEmpty() && exchanges == null) {
            left = null;
            flow.complete();
            afterLast.run();
        }
    }

    /** Releases whatever exchanges there are: the loop is going away. */
    void abortExchanges() {
        while (exchanges != null) {
            exchanges.abort(ResponseFlag.LR, "local_shutdown");
        }
    }
}
