package dev.starling.runtime.listener;

import dev.starling.config.listener.QuicOptions;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Loops;
import dev.starling.runtime.loop.Transport;
import dev.starling.runtime.network.QuicArrivals;
import dev.starling.runtime.tls.QuicTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslEngine;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Binds the sockets of one address for QUIC, one per loop: the system gives all packets of a client's address to the same
 * one, so connections must not migrate. Used once.
 */
final class QuicBinder {

    private final Binding binding;
    private final QuicOptions options;
    private final Loops loops;
    private final Transport transport;
    private final ListeningSocket.Acceptor acceptor;
    private final List<Channel> bound = new ArrayList<>();

    QuicBinder(Binding binding, QuicOptions options, Loops loops, ListeningSocket.Acceptor acceptor) {
        this.binding = binding;
        this.options = options;
        this.loops = loops;
        this.transport = loops.transport();
        this.acceptor = acceptor;
    }

    /** Completes with all the sockets or with a {@link CannotListenException} and none; they do not read yet. */
    CompletionStage<List<Channel>> bind() {
        SocketAddress address = transport.address(binding.address());
        ChannelOption<Boolean> reusePort = binding.reusePort() ? transport.reusePort() : null;
        CompletableFuture<Void> done;
        if (reusePort == null) {
            done = bind(loops.get(0), address, null).thenAccept(bound::add);
        } else {
            // With SO_REUSEPORT a second process would bind in silence: try first without it.
            done = bind(loops.get(0), address, null).thenCompose(QuicBinder::closed);
            for (Loop loop : loops) {
                done = done.thenCompose(_ -> bind(
                                loop,
                                bound.isEmpty() ? address : bound.getFirst().localAddress(),
                                reusePort))
                        .thenAccept(bound::add);
            }
        }
        return done.thenApply(_ -> List.copyOf(bound)).whenComplete((_, failure) -> {
            if (failure != null) {
                bound.forEach(Channel::close);
            }
        });
    }

    private static CompletableFuture<Void> closed(Channel channel) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        channel.close().addListener(_ -> closed.complete(null));
        return closed;
    }

    private CompletableFuture<Channel> bind(
            Loop loop, SocketAddress address, @Nullable ChannelOption<Boolean> reusePort) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop.eventLoop())
                .channel(transport.datagramChannel())
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel socket) {
                        socket.pipeline().addLast(new QuicArrivals(), codec(loop));
                    }
                });
        if (reusePort != null) {
            bootstrap.option(reusePort, true);
        }
        CompletableFuture<Channel> stage = new CompletableFuture<>();
        ChannelFuture future = bootstrap.bind(address);
        future.addListener(result -> {
            if (result.isSuccess()) {
                stage.complete(future.channel());
            } else {
                stage.completeExceptionally(new CannotListenException(binding.address(), result.cause()));
            }
        });
        return stage;
    }

    private ChannelHandler codec(Loop loop) {
        return Http3.newQuicServerCodecBuilder()
                .sslEngineProvider(this::engine)
                .maxIdleTimeout(options.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .initialMaxData(options.connectionWindow())
                .initialMaxStreamDataBidirectionalLocal(options.streamWindow())
                .initialMaxStreamDataBidirectionalRemote(options.streamWindow())
                .initialMaxStreamsBidirectional(options.maxConcurrentStreams())
                .activeMigration(false)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel channel) {
                        acceptor.accept(channel, loop);
                    }
                })
                .build();
    }

    private QuicSslEngine engine(QuicChannel channel) {
        QuicTls tls = acceptor.quic();
        if (tls == null) {
            throw new IllegalStateException("no filter chain for QUIC");
        }
        return tls.newEngine(channel.alloc());
    }
}
