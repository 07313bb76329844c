package dev.starling.runtime.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/**
 * Keeps Netty's TLS handler from reading a socket that is not to be read. It asks for the rest of a record by itself; where
 * the reader has stopped, that would be granted again and again without a byte being taken.
 */
final class ReadsWhenWanted extends ChannelOutboundHandlerAdapter {

    @Override
    public void read(ChannelHandlerContext context) {
        if (context.channel().config().isAutoRead()) {
            context.read();
        }
    }
}
