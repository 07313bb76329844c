package dev.starling.runtime.listener;

import dev.starling.config.Address;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Loops;
import dev.starling.runtime.loop.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Binds the sockets of one address; used once. */
final class SocketBinder {

    private static final Logger log = LoggerFactory.getLogger(SocketBinder.class);

    private final Binding binding;
    private final Loops loops;
    private final Transport transport;
    private final BiConsumer<Channel, Loop> accepted;
    private final List<Channel> bound = new ArrayList<>();

    /** @param accepted called with each connection, on its loop */
    SocketBinder(Binding binding, Loops loops, BiConsumer<Channel, Loop> accepted) {
        this.binding = binding;
        this.loops = loops;
        this.transport = loops.transport();
        this.accepted = accepted;
    }

    /** Completes with all the sockets or with a {@link CannotListenException} and none; they do not accept yet. */
    CompletionStage<List<Channel>> bind() {
        SocketAddress address;
        try {
            address = transport.address(binding.address());
            if (binding.address() instanceof Address.Pipe pipe) {
                removeLeftOver(pipe);
            }
        } catch (IllegalArgumentException | IOException cause) {
            return CompletableFuture.failedStage(new CannotListenException(binding.address(), cause));
        }
        return bindAll(address).thenApply(_ -> List.copyOf(bound)).whenComplete((_, failure) -> {
            if (failure != null) {
                bound.forEach(Channel::close);
            }
        });
    }

    private CompletableFuture<Void> bindAll(SocketAddress address) {
        if (!(address instanceof InetSocketAddress ip) || !binding.reusePort() || transport.reusePort() == null) {
            return bindShared(address, binding.backlog()).thenCompose(this::bound);
        }
        CompletableFuture<Void> done = ip.getPort() == 0 ? CompletableFuture.completedFuture(null) : probe(ip);
        for (Loop loop : loops) {
            // One after the other: the port that the first was given is the others' too.
            done = done.thenCompose(_ ->
                            bindOn(loop, bound.isEmpty() ? ip : bound.getFirst().localAddress()))
                    .thenCompose(this::bound);
        }
        return done;
    }

    private CompletableFuture<Void> bound(Channel channel) {
        bound.add(channel);
        if (binding.address() instanceof Address.Pipe(var path, var mode) && mode != 0 && !path.startsWith("@")) {
            try {
                Files.setPosixFilePermissions(Path.of(path), permissions(mode));
            } catch (IOException cause) {
                return CompletableFuture.failedFuture(new CannotListenException(binding.address(), cause));
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    /** With SO_REUSEPORT a second process would bind in silence: try first without it. */
    private CompletableFuture<Void> probe(InetSocketAddress address) {
        return bindShared(address, 1).thenCompose(probe -> {
            CompletableFuture<Void> closed = new CompletableFuture<>();
            probe.close().addListener(_ -> closed.complete(null));
            return closed;
        });
    }

    /** One socket for all loops. */
    private CompletableFuture<Channel> bindShared(SocketAddress address, int backlog) {
        return stage(bootstrap(address, backlog)
                .group(loops.get(0).eventLoop(), loops.inTurn())
                .childHandler(onAccept(channel -> accepted.accept(channel, loops.of(channel))))
                .bind(address));
    }

    private CompletableFuture<Channel> bindOn(Loop loop, SocketAddress address) {
        return stage(bootstrap(address, binding.backlog())
                .group(loop.eventLoop(), loop.eventLoop())
                .option(Objects.requireNonNull(transport.reusePort()), true)
                .childHandler(onAccept(channel -> accepted.accept(channel, loop)))
                .bind(address));
    }

    private ServerBootstrap bootstrap(SocketAddress address, int backlog) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .channel(transport.serverChannel(address))
                .option(ChannelOption.SO_BACKLOG, backlog == 0 ? NetUtil.SOMAXCONN : backlog)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new AcceptFailures());
        if (address instanceof InetSocketAddress) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true);
        }
        ChannelOption<Integer> ipv6Only = transport.ipv6Only();
        if (ipv6Only != null
                && binding.address() instanceof Address.Socket(var host, var _, var ipv4Compat)
                && host.indexOf(':') >= 0) {
            bootstrap.option(ipv6Only, ipv4Compat ? 0 : 1);
        }
        return bootstrap;
    }

    private static ChannelHandler onAccept(Consumer<Channel> accepted) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                accepted.accept(channel);
            }
        };
    }

    private CompletableFuture<Channel> stage(ChannelFuture future) {
        CompletableFuture<Channel> stage = new CompletableFuture<>();
        future.addListener(done -> {
            if (done.isSuccess()) {
                stage.complete(future.channel());
            } else {
                stage.completeExceptionally(new CannotListenException(binding.address(), done.cause()));
            }
        });
        return stage;
    }

    /** The socket of a process that is gone would be in the way. Anything but a socket is left, and binding fails. */
    private static void removeLeftOver(Address.Pipe pipe) throws IOException {
        if (pipe.path().startsWith("@")) {
            return;
        }
        Path path = Path.of(pipe.path());
        try {
            if (Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException nothingThere) {
            // As it should be.
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values(); // from the owner's reading to the others' executing
        for (int i = 0; i < all.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
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
