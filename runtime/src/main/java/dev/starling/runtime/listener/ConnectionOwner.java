package dev.starling.runtime.listener;

import io.netty.channel.Channel;
import java.net.SocketAddress;

/** What the listener knows of a connection that it has handed to a filter chain. */
public interface ConnectionOwner {

    /** Unique in this process. */
    long id();

    String filterChainName();

    SocketAddress localAddress();

    SocketAddress remoteAddress();

    /** The connection has closed; called once by whoever serves it. */
    void closed(Channel channel);
}
