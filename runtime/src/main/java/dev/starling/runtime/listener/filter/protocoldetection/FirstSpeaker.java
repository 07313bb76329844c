package dev.starling.runtime.listener.filter.protocoldetection;

import dev.starling.runtime.loop.Loop;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;

/** Sees which side of a connection speaks first, after its client had been silent, and notes it. Then it is gone. */
final class FirstSpeaker extends ChannelDuplexHandler {

    private final TalkativeServers servers;
    private final SocketAddress destination;
    private final Loop loop;

    FirstSpeaker(TalkativeServers servers, SocketAddress destination, Loop loop) {
        this.servers = servers;
        this.destination = destination;
        this.loop = loop;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        servers.remove(destination);
        context.pipeline().remove(this);
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        servers.add(destination, loop.nanoTime());
        context.pipeline().remove(this);
        context.write(message, promise);
    }
}
