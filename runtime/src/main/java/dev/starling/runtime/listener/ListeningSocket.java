package dev.starling.runtime.listener;

import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Loops;
import dev.starling.runtime.tls.QuicTls;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The listening sockets of one address: one per loop with SO_REUSEPORT, so that a connection is accepted by the loop that
 * serves it. They belong to the address and outlive versions of the listener; what serves a connection is read with each
 * accept. Connections of QUIC live by their listening socket and end with it. Any thread.
 */
public final class ListeningSocket {

    private final Binding binding;
    private final Acceptor acceptor;
    private final List<Channel> channels;
    private final SocketAddress localAddress;

    private ListeningSocket(Binding binding, Acceptor acceptor, List<Channel> channels) {
        this.binding = binding;
        this.acceptor = acceptor;
        this.channels = channels;
        this.localAddress = channels.getFirst().localAddress();
    }

    /**
     * Binds the address and listens; connections wait in the backlog until {@link #serve}.
     *
     * @return failed with {@link CannotListenException} if the address is in use, for example
     */
    static CompletionStage<ListeningSocket> bind(Binding binding, Loops loops) {
        Acceptor acceptor = new Acceptor();
        CompletionStage<List<Channel>> bound = binding.quic()
                .map(options -> new QuicBinder(binding, options, loops, acceptor).bind())
                .orElseGet(() -> new SocketBinder(binding, loops, acceptor::accept).bind());
        return bound.thenApply(channels -> new ListeningSocket(binding, acceptor, channels));
    }

    Binding binding() {
        return binding;
    }

    /** The address with the real port. */
    public SocketAddress localAddress() {
        return localAddress;
    }

    /** Connections are served by this version from now on; the first call begins to accept. */
    public void serve(ActiveListener next) {
        acceptor.listener = next;
        for (Channel channel : channels) {
            channel.config().setAutoRead(true);
        }
    }

    /** Stops listening. Connections live on. */
    CompletionStage<Void> close() {
        List<CompletableFuture<Void>> closed = new ArrayList<>();
        for (Channel channel : channels) {
            CompletableFuture<Void> one = new CompletableFuture<>();
            channel.close().addListener(_ -> one.complete(null));
            closed.add(one);
        }
        return CompletableFuture.allOf(closed.toArray(CompletableFuture[]::new));
    }

    /** Hands what comes to the current version of the listener. */
    static final class Acceptor {

        private volatile @Nullable ActiveListener listener;

        /** Null: no connection of QUIC can be taken now. */
        @Nullable
        QuicTls quic() {
            ActiveListener current = listener;
            return current == null ? null : current.quic();
        }

        void accept(Channel channel, Loop loop) {
            ActiveListener current = listener;
            if (current == null) {
                channel.close();
            } else {
                current.accept(channel, loop);
            }
        }
    }
}
