package dev.starling.runtime.listener;

import dev.starling.config.Address;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Loops;
import dev.starling.runtime.upstream.Connecting;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening sockets of one address: one per loop with SO_REUSEPORT, so that a connection is accepted by the loop that
 * serves it. They belong to the address and outlive versions of the listener; what serves a connection is read with each
 * accept.
 */
public final class ListeningSocket {

    private static final Logger log = LoggerFactory.getLogger(ListeningSocket.class);

    private final Loops loops;
    private final List<Channel> channels = new CopyOnWriteArrayList<>();
    private final SocketAddress localAddress;
    private volatile @Nullable ActiveListener listener;

    /**
     * Binds the address on all loops and listens; connections wait in the backlog until {@link #serve}.
     *
     * @throws IOException with the reason, such as an address in use
     */
    public static ListeningSocket bind(
            Address.Socket address, int backlog, int bufferLimit, boolean reusePort, Loops loops) throws IOException {
        return new ListeningSocket(address, backlog, bufferLimit, reusePort, loops);
    }

    private ListeningSocket(Address.Socket address, int backlog, int bufferLimit, boolean reusePort, Loops loops)
            throws IOException {
        this.loops = loops;
        InetSocketAddress wanted = new InetSocketAddress(address.host(), address.port());
        if (wanted.isUnresolved()) {
            throw new IOException("cannot resolve " + address.host());
        }
        boolean onePerLoop = reusePort && loops.transport().reusePort() != null;
        if (onePerLoop && address.port() != 0) {
            probe(wanted);
        }
        try {
            for (Loop loop : loops) {
                Channel channel = bind(loop, wanted, backlog, bufferLimit, onePerLoop);
                channels.add(channel);
                if (!onePerLoop) {
                    break;
                }
                wanted = (InetSocketAddress) channel.localAddress();
            }
        } catch (IOException failure) {
            close();
            throw failure;
        }
        this.localAddress = channels.getFirst().localAddress();
    }

    /** With SO_REUSEPORT a second process would bind in silence: try first without it. */
    private void probe(InetSocketAddress address) throws IOException {
        Channel probe = bind(loops.get(0), address, 1, 1, false);
        probe.close().syncUninterruptibly();
    }

    private Channel bind(Loop loop, InetSocketAddress address, int backlog, int bufferLimit, boolean reusePort)
            throws IOException {
        EventLoop eventLoop = loop.eventLoop();
        Class<? extends ServerChannel> type = loops.transport().serverChannel();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(eventLoop, eventLoop)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, backlog)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Connecting.writeMarks(bufferLimit))
                .handler(new AcceptFailures())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted(channel, loop);
                    }
                });
        if (reusePort) {
            bootstrap.option(java.util.Objects.requireNonNull(loops.transport().reusePort()), true);
        }
        var future = bootstrap.bind(address).awaitUninterruptibly();
        if (!future.isSuccess()) {
            throw new IOException(String.valueOf(future.cause().getMessage()), future.cause());
        }
        return future.channel();
    }

    private void accepted(Channel channel, Loop loop) {
        ActiveListener current = listener;
        if (current == null) {
            channel.close();
        } else {
            current.accept(channel, loop);
        }
    }

    /** Connections are served by this version from now on; the first call begins to accept. Any thread. */
    public void serve(ActiveListener next) {
        listener = next;
        for (Channel channel : channels) {
            channel.config().setAutoRead(true);
        }
    }

    /** The address with the real port. */
    public SocketAddress localAddress() {
        return localAddress;
    }

    /** Stops listening. Connections live on. */
    public void close() {
        for (Channel channel : channels) {
            channel.close();
        }
        channels.clear();
    }

    /** Accepting can fail for want of file descriptors; Netty pauses for a second and goes on. */
    private static final class AcceptFailures extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            log.warn("accept failed on {}: {}", context.channel().localAddress(), String.valueOf(cause.getMessage()));
            context.fireExceptionCaught(cause);
        }
    }
}
