package dev.starling.runtime.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;

/** Closes a secured connection when the peer says that it will send no more, as protocols without half-closed connections do. */
@ChannelHandler.Sharable
public final class CloseWithPeer extends ChannelInboundHandlerAdapter {

    static final CloseWithPeer HANDLER = new CloseWithPeer();

    private CloseWithPeer() {}

    /** From now on the end of the peer's direction is for the next handler to take up, if the connection is secured. */
    public static void leaveTo(Channel channel) {
        if (channel.pipeline().context(HANDLER) != null) {
            channel.pipeline().remove(HANDLER);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            context.close();
        } else {
            context.fireUserEventTriggered(event);
        }
    }
}
