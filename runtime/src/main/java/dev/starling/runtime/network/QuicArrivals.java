package dev.starling.runtime.network;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells connections of QUIC that packets from their client have been read, which Netty's codec keeps to itself. Before the
 * codec in the pipeline of a socket. Holds as much as there are connections. Confined to the socket's loop.
 */
public final class QuicArrivals extends ChannelInboundHandlerAdapter {

    private final Map<SocketAddress, Set<Runnable>> watching = new HashMap<>();
    private final Set<Runnable> arrived = new HashSet<>();

    /** Of the socket that a connection came by. */
    public static QuicArrivals of(Channel socket) {
        return Objects.requireNonNull(socket.pipeline().get(QuicArrivals.class));
    }

    /** @param seen run whenever something has come from there and been looked at; clients do not migrate */
    public void watch(@Nullable SocketAddress client, Runnable seen) {
        if (client != null) {
            watching.computeIfAbsent(client, _ -> new HashSet<>()).add(seen);
        }
    }

    /** Undoes {@link #watch}. */
    public void forget(@Nullable SocketAddress client, Runnable seen) {
        if (client != null) {
            watching.computeIfPresent(client, (_, all) -> all.remove(seen) && all.isEmpty() ? null : all);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof DatagramPacket packet) {
            Set<Runnable> meant = watching.get(packet.sender());
            if (meant != null) {
                arrived.addAll(meant);
            }
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.fireChannelReadComplete();
        if (!arrived.isEmpty()) {
            Runnable[] now = arrived.toArray(Runnable[]::new);
            arrived.clear();
            for (Runnable each : now) {
                each.run();
            }
        }
    }
}
