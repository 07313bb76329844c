package dev.starling.runtime.http;

import dev.starling.config.http.HttpConnectionManager;
import dev.starling.runtime.codec.hpack.HeaderBlock;
import dev.starling.runtime.codec.http2.MessageFields;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.network.QuicArrivals;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3SettingsFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/3 connection (RFC 9114) over Netty's QUIC, and the streams on it. Experimental: docs/decisions/0016. Confined
 * to the loop.
 */
final class Http3ServerConnection extends ChannelInboundHandlerAdapter
        implements ServerConnection, ConnectionLimits.Limited {

    private static final int NO_ERROR = 0x100;

    private final ConnectionManagerLane lane;
    private final QuicChannel channel;
    private final ConnectionOwner owner;
    private final HttpConnectionManager config;
    private final ConnectionManagerStats stats;
    private final MessageFields fields = new MessageFields();
    private final HeaderBlock block;
    private final long openedNanos;
    private final ConnectionLimits limits;
    private long lastStream = -4;
    private int streams;
    private boolean draining;
    private boolean goneAway;
    private boolean closedByUs;
    private boolean gone;

    /** Requests that are complete, and whose answers are not. */
    private final Set<Http3ServerStream> answering = new HashSet<>();

    private final Runnable arrival = this::onArrival;
    private final @Nullable SocketAddress client;

    Http3ServerConnection(ConnectionManagerLane lane, QuicChannel channel, ConnectionOwner owner) {
        this.lane = lane;
        this.channel = channel;
        this.owner = owner;
        this.config = lane.manager().config();
        this.stats = lane.manager().stats();
        this.block = new HeaderBlock(
                config.limits().requestHeaders().clampedToInt(), config.limits().headersCount());
        this.openedNanos = loop().nanoTime();
        this.client = channel.remoteSocketAddress(); // which it forgets when it closes
        this.limits = new ConnectionLimits(lane, this, openedNanos);
    }

    /** Takes the connection over: its frames come to streams from now on. */
    void begin() {
        lane.onSpoken(this);
        channel.pipeline().addLast(new Http3ServerConnectionHandler(new Streams(), null, null, settings(), true), this);
        QuicArrivals.of(channel.parent()).watch(client, arrival);
        codecStats().version1.inc(loop().stats());
        limits.start();
    }

    /** Packets have come: a client may have stopped to read. */
    private void onArrival() {
        for (Http3ServerStream stream : answering.toArray(Http3ServerStream[]::new)) {
            stream.lookWhetherRead();
        }
    }

    /** From now on it is noticed if the client reads no more. */
    void answering(Http3ServerStream stream) {
        answering.add(stream);
    }

    void answered(Http3ServerStream stream) {
        answering.remove(stream);
    }

    /** What is done with underscores in names; returns whether the message may pass. */
    boolean allowed(Headers headers) {
        return UnderscoreNames.allowed(
                headers,
                config.limits().underscores(),
                codecStats().requestsRejectedWithUnderscores,
                codecStats().droppedHeadersWithUnderscores,
                loop().stats());
    }

    Http3Stats codecStats() {
        return Objects.requireNonNull(stats.http3);
    }

    private Http3SettingsFrame settings() {
        DefaultHttp3SettingsFrame settings = new DefaultHttp3SettingsFrame();
        settings.settings().maxFieldSectionSize(config.limits().requestHeaders().clampedToInt());
        return settings;
    }

    private final class Streams extends ChannelInitializer<QuicStreamChannel> {
        @Override
        protected void initChannel(QuicStreamChannel stream) {
            streams++;
            if (goneAway) {
                stream.pipeline().addLast(Http3ServerStream.rejected(Http3ServerConnection.this, stream));
            } else {
                lastStream = stream.streamId();
                stream.pipeline().addLast(new Http3ServerStream(Http3ServerConnection.this, stream));
            }
        }
    }

    Loop loop() {
        return lane.loop();
    }

    ConnectionManagerLane lane() {
        return lane;
    }

    ConnectionManagerStats stats() {
        return stats;
    }

    MessageFields fields() {
        return fields;
    }

    /** To be filled anew by whoever has a message to read, and used before anything else is read. */
    HeaderBlock block() {
        block.clear();
        return block;
    }

    /** A response begins: it may be the last of the connection. */
    void onResponse() {
        if (!draining && owner.drainClose()) {
            stats.cxDrainClose.inc(loop().stats());
            drain();
        }
    }

    void onStreamClosed() {
        streams--;
        if (streams == 0) {
            limits.becameIdle();
            if (goneAway) {
                close();
            }
        }
    }

    private void close() {
        closedByUs = true;
        channel.close(true, NO_ERROR, Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone();
        context.fireChannelInactive();
    }

    /** A channel whose handshake fails has never been active. */
    @Override
    public void channelUnregistered(ChannelHandlerContext context) {
        gone();
        context.fireChannelUnregistered();
    }

    private void gone() {
        if (!gone) {
            gone = true;
            limits.cancelAll();
            QuicArrivals.of(channel.parent()).forget(client, arrival);
            lane.onClosed(this, !closedByUs, streams > 0, loop().nanoTime() - openedNanos);
            owner.closed(channel);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof SSLException) { // that is no fault of HTTP/3
            closedByUs = true;
        } else {
            stats.cxProtocolError.inc(loop().stats());
        }
        channel.close();
    }

    @Override
    public boolean spoken() {
        return true;
    }

    @Override
    public void drain() {
        if (!draining) {
            draining = true;
            limits.draining();
        }
    }

    @Override
    public void closeNow() {
        closedByUs = true;
        channel.close();
    }

    /** No stream above the last is taken any more; the client is told (RFC 9114 5.2). */
    @Override
    public void drained() {
        goneAway = true;
        QuicStreamChannel control = Http3.getLocalControlStream(channel);
        if (control != null) {
            control.writeAndFlush(new DefaultHttp3GoAwayFrame(lastStream + 4));
            codecStats().goawaySent.inc(loop().stats());
        }
        if (streams == 0) {
            close();
        }
    }

    @Override
    public int streams() {
        return streams;
    }

    @Override
    public void idle() {
        close();
    }

    @Override
    public ConnectionOwner owner() {
        return owner;
    }

    @Override
    public boolean secure() {
        return true;
    }

    /** One answer says nothing of the others. */
    @Override
    public void closeAfterResponse() {}
}
