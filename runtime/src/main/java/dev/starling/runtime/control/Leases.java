package dev.starling.runtime.control;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What one filter chain has been lent, to be given back together. Any thread. */
public final class Leases {

    private final List<Runnable> returns = new ArrayList<>();
    private final List<CompletableFuture<Void>> awaited = new ArrayList<>();

    /**
     * @param ready complete when what is lent is there, or it is known that it is not yet
     * @param giveBack run once
     */
    public synchronized void add(CompletableFuture<Void> ready, Runnable giveBack) {
        returns.add(giveBack);
        awaited.add(ready);
    }

    /** Complete when all is ready. */
    public synchronized CompletionStage<Void> ready() {
        return CompletableFuture.allOf(awaited.toArray(CompletableFuture[]::new));
    }

    /** Gives all back. */
    public void end() {
        List<Runnable> all;
        synchronized (this) {
            all = List.copyOf(returns);
            returns.clear();
        }
        all.forEach(Runnable::run);
    }
}
