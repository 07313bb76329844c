package dev.starling.runtime.tls;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;

/** Closes a secured connection when the peer says that it will send no more, as protocols without half-closed connections do. */
@ChannelHandler.Sharable
final class CloseWithPeer extends ChannelInboundHandlerAdapter {

    static final CloseWithPeer HANDLER = new CloseWithPeer();

    private CloseWithPeer() {}

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            context.close();
        } else {
            context.fireUserEventTriggered(event);
        }
    }
}
