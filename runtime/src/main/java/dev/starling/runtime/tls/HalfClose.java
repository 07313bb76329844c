package dev.starling.runtime.tls;

import dev.starling.runtime.loop.NettyInternals;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import java.lang.invoke.VarHandle;

/**
 * Lets the directions of a secured connection end apart, as those of a plain one do (RFC 8446 6.1). Netty's engine on
 * BoringSSL answers the peer's close_notify with ours and takes nothing more to write, unless it believes that it has seen
 * one before: so it is made to believe that, and the library itself is asked. Java's engine needs nothing of this, and ends
 * both directions of TLS 1.2. Confined to the loop.
 */
public final class HalfClose extends ChannelInboundHandlerAdapter {

    private static final VarHandle RECEIVED_SHUTDOWN =
            NettyInternals.field(ReferenceCountedOpenSslEngine.class, "receivedShutdown", boolean.class);

    private final ReferenceCountedOpenSslEngine engine;
    private boolean told;

    private HalfClose(ReferenceCountedOpenSslEngine engine) {
        this.engine = engine;
    }

    /** From now on the end of the peer's direction is for the next handler to take up, if the connection is secured. */
    public static void allow(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return;
        }
        if (channel.pipeline().context(CloseWithPeer.HANDLER) != null) {
            channel.pipeline().remove(CloseWithPeer.HANDLER);
        }
        if (tls.engine() instanceof ReferenceCountedOpenSslEngine engine) {
            synchronized (engine) {
                RECEIVED_SHUTDOWN.set(engine, true);
            }
            channel.pipeline().addLast(new HalfClose(engine));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!told && peerEnded()) {
            told = true;
            context.fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
        }
        context.fireChannelReadComplete();
    }

    private boolean peerEnded() {
        long ssl = engine.sslPointer(); // 0 when the connection has ended
        return ssl != 0 && (SSL.getShutdown(ssl) & SSL.SSL_RECEIVED_SHUTDOWN) != 0;
    }
}
