package dev.starling.runtime.tls;

import dev.starling.runtime.loop.FollowingReads;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.tls.HandshakeNotes.Note;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * A connection until its handshake is over, with its time limit. Ends in exactly one call of its {@link Outcome}, unless it
 * is cancelled; the channel is in nobody else's hands before. Confined to the loop.
 */
public final class TlsHandshake extends ChannelInboundHandlerAdapter {

    /** A fatal alert, as BoringSSL sends it to those who speak something else: {@code protocol_version}. */
    private static final byte[] WRONG_VERSION = {21, 3, 1, 0, 2, 2, 70};

    private final Loop loop;
    private final Channel channel;
    private final SslHandler handler;
    private final ReadsWhenWanted below = new ReadsWhenWanted();
    private final TlsStats stats;
    private final HandshakeNotes notes;
    private final Note note;
    private final Outcome outcome;
    private final boolean server;
    private final TimeLimit timeLimit = new TimeLimit();
    private boolean over;

    /** Called on the loop. */
    public interface Outcome {

        /** Bytes pass through the channel's pipeline in clear from now on. */
        void secured(TlsSession session);

        /** The channel is closed or about to be. */
        void failed(TlsFailure failure);
    }

    private TlsHandshake(
            Loop loop,
            Channel channel,
            SslHandler handler,
            TlsStats stats,
            HandshakeNotes notes,
            boolean server,
            Outcome outcome) {
        this.loop = loop;
        this.channel = channel;
        this.handler = handler;
        this.stats = stats;
        this.notes = notes;
        this.note = notes.begin(handler.engine());
        this.server = server;
        this.outcome = outcome;
    }

    /**
     * Waits for a client to begin. The channel reads as soon as it is active.
     *
     * @param timeoutNanos 0: the standard one
     * @return empty if there are no certificates, which has been told
     */
    public static Optional<TlsHandshake> accept(
            Loop loop, Channel channel, TlsHolder holder, TlsStats stats, long timeoutNanos, Outcome outcome) {
        Optional<TlsHandshake> begun = begin(loop, channel, holder, null, stats, outcome);
        begun.ifPresent(handshake -> loop.timers()
                .arm(handshake.timeLimit, timeoutNanos > 0 ? timeoutNanos : TlsLimits.HANDSHAKE_TIMEOUT.toNanos()));
        return begun;
    }

    /**
     * Begins with an endpoint; whoever asks limits the time. The channel reads until the handshake is over, and then no more.
     *
     * @return empty if there are no certificates, which has been told
     */
    public static Optional<TlsHandshake> connect(Loop loop, Channel channel, EndpointTls tls, Outcome outcome) {
        channel.config().setAutoRead(true);
        return begin(loop, channel, tls.holder(), tls, tls.stats(), outcome);
    }

    private static Optional<TlsHandshake> begin(
            Loop loop,
            Channel channel,
            TlsHolder holder,
            @Nullable EndpointTls endpoint,
            TlsStats stats,
            Outcome outcome) {
        Optional<SSLEngine> engine = holder.newEngine(channel.alloc(), endpoint == null ? null : endpoint.target());
        if (engine.isEmpty()) {
            stats.secretsNotReady(endpoint == null, loop.stats());
            outcome.failed(TlsFailure.NO_SECRET);
            channel.close();
            return Optional.empty();
        }
        FollowingReads.prepare(channel);
        SslHandler handler = new SslHandler(engine.get());
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(TlsLimits.CLOSE_NOTIFY_TIMEOUT.toMillis());
        TlsHandshake handshake =
                new TlsHandshake(loop, channel, handler, stats, holder.notes(), endpoint == null, outcome);
        channel.pipeline().addLast(handshake.below);
        if (endpoint == null) {
            channel.pipeline().addLast(new HelloReader(handshake.note));
        }
        channel.pipeline().addLast(handler, handshake);
        return Optional.of(handshake);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent completion)) {
            context.fireUserEventTriggered(event);
        } else if (!over) {
            if (completion.isSuccess()) {
                succeeded();
            } else {
                failed(TlsFailure.of(completion.cause()));
            }
        }
    }

    private void end() {
        if (!over) {
            over = true;
            timeLimit.cancel();
            notes.end(handler.engine());
            stats.staple(note.staple, loop.stats());
        }
    }

    private void succeeded() {
        end();
        TlsSession session = new TlsSession(handler);
        channel.attr(TlsSession.OF_CHANNEL).set(session);
        count(session);
        if (!server) {
            channel.config().setAutoRead(false);
        }
        channel.pipeline().replace(this, null, CloseWithPeer.HANDLER);
        outcome.secured(session);
    }

    private void count(TlsSession session) {
        stats.handshake.inc(loop.stats());
        if (session.reused()) {
            stats.sessionReused.inc(loop.stats());
        }
        stats.negotiated(session.cipher(), session.version(), session.curve(), loop.stats());
        if (session.hasNoPeer()) {
            stats.noCertificate.inc(loop.stats());
        }
        if (note.rejected != null) {
            stats.rejected(note.rejected.why(), loop.stats());
        }
    }

    private void failed(TlsFailure failure) {
        end();
        switch (failure.kind()) {
            case NO_CERTIFICATE -> stats.failVerifyNoCert.inc(loop.stats());
            case REJECTED -> {
                if (failure.why() != null) {
                    stats.rejected(failure.why(), loop.stats());
                }
            }
            case NO_TLS -> {
                stats.connectionError.inc(loop.stats());
                channel.pipeline().context(below).writeAndFlush(Unpooled.wrappedBuffer(WRONG_VERSION));
            }
            case OTHER -> stats.connectionError.inc(loop.stats());
            case PEER_LEFT, TIMEOUT -> {}
        }
        outcome.failed(failure.with(note.unfinished));
        channel.close();
    }

    /** The bytes of a handshake are nobody's but the provider's; what comes behind its failure is dropped. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!over) {
            failed(TlsFailure.peerLeft());
        }
    }

    /** The provider's failures are told by the event. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!over) {
            failed(TlsFailure.of(cause));
        }
    }

    /** Gives up; the outcome is not told. */
    public void cancel() {
        end();
        channel.close();
    }

    /** Ends it as failed. */
    public void abort() {
        if (!over) {
            failed(TlsFailure.peerLeft());
        }
    }

    private final class TimeLimit extends TimerWheel.Timer {
        @Override
        protected void expired() {
            if (!over) {
                failed(TlsFailure.timeout());
            }
        }
    }
}
