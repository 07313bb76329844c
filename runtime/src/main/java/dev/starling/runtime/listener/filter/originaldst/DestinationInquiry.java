package dev.starling.runtime.listener.filter.originaldst;

import dev.starling.runtime.listener.filter.ListenerFilter;
import dev.starling.runtime.network.ConnectionTraits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/** Asks for one connection. Confined to the loop. */
final class DestinationInquiry implements ListenerFilter {

    @Override
    public int maxBytes() {
        return 0;
    }

    @Override
    public Verdict onAccept(Channel channel, ConnectionTraits traits) {
        InetSocketAddress destination = OriginalDestination.of(channel);
        if (destination != null) {
            traits.restoreLocal(destination);
        }
        return Verdict.CONTINUE;
    }

    @Override
    public Verdict onBytes(ByteBuf bytes, ConnectionTraits traits) {
        return Verdict.CONTINUE;
    }
}
