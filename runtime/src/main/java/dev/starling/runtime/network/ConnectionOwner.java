package dev.starling.runtime.network;

import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.tls.TlsSession;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** What the listener knows of a connection that it has handed to a filter chain. Confined to the connection's loop. */
public interface ConnectionOwner extends InspectedConnection {

    @Override
    long id();

    @Override
    String filterChainName();

    @Override
    @Nullable
    TlsSession tls();

    /** What the listener's access log will say of the connection; whoever serves it may add to it. */
    StreamInfo info();

    /**
     * Asked with each response: whether it is to be the last of its connection, because the filter chain, the listener or
     * the server drains. Envoy's {@code DrainDecision::drainClose}.
     */
    boolean drainClose();

    /**
     * What HTTP has passed over the connection, for its access log; before {@link #closed}.
     *
     * @param protocol of the last request; null if there was none
     * @param sentBytes as far as they have left
     */
    void carried(@Nullable Protocol protocol, long receivedBytes, long sentBytes);

    /** The connection has closed; called once by whoever serves it. */
    void closed(Channel channel);
}
