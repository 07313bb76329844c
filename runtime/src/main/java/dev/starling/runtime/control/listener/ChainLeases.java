package dev.starling.runtime.control.listener;

import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.control.extension.ExtensionBook;
import dev.starling.runtime.control.route.RouteBook;
import dev.starling.runtime.network.FilterChainContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The routes and the configurations that a filter chain has been lent, for itself or for some of its filters. Any thread. */
final class ChainLeases implements FilterChainContext.Lending {

    private final ListenerPorts ports;
    private final List<Supplier<CompletionStage<Void>>> awaited = new ArrayList<>();
    private boolean warm;

    ChainLeases(ListenerPorts ports) {
        this.ports = ports;
    }

    @Override
    public ProxyContext lend(Consumer<Runnable> atEnd) {
        RouteBook.Lease routes = ports.routes().lease();
        ExtensionBook.Lease extensions = ports.extensions().lease();
        atEnd.accept(routes::end);
        atEnd.accept(extensions::end);
        synchronized (this) {
            if (!warm) {
                awaited.add(routes::ready);
                awaited.add(extensions::ready);
            }
        }
        return ports.proxy().with(routes, extensions);
    }

    /** Complete when all that was lent until then is known: a filter that comes may want routes of its own. */
    CompletionStage<Void> ready() {
        List<Supplier<CompletionStage<Void>>> next;
        synchronized (this) {
            next = List.copyOf(awaited);
            awaited.clear();
            warm = next.isEmpty();
        }
        return next.isEmpty()
                ? CompletableFuture.completedStage(null)
                : CompletableFuture.allOf(next.stream()
                                .map(each -> each.get().toCompletableFuture())
                                .toArray(CompletableFuture[]::new))
                        .thenCompose(_ -> ready());
    }
}
