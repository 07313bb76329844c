package dev.starling.runtime.listener;

import dev.starling.config.Address;
import dev.starling.runtime.loop.Loops;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * All listening sockets of a server. An address that is being given up is bound anew only when its old sockets are closed,
 * so that a listener may leave and another come to its address in one update. Any thread.
 */
public final class ListeningSockets {

    private final Loops loops;
    private final Map<Address, CompletionStage<Void>> closing = new HashMap<>();

    public ListeningSockets(Loops loops) {
        this.loops = loops;
    }

    /**
     * Binds the address and listens; connections wait until the socket serves.
     *
     * @return failed with {@link CannotListenException} if the address is in use, for example
     */
    public synchronized CompletionStage<ListeningSocket> bind(Binding binding) {
        return closing.getOrDefault(binding.address(), CompletableFuture.completedStage(null))
                .thenCompose(_ -> ListeningSocket.bind(binding, loops));
    }

    /** Stops listening. Connections live on. */
    public synchronized CompletionStage<Void> close(ListeningSocket socket) {
        Address address = socket.binding().address();
        CompletionStage<Void> closed = socket.close();
        closing.put(address, closed);
        closed.thenRun(() -> forget(address, closed));
        return closed;
    }

    private synchronized void forget(Address address, CompletionStage<Void> closed) {
        closing.remove(address, closed);
    }
}
