package dev.starling.runtime.listener;

import dev.starling.config.listener.FilterChain;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Loops;
import dev.starling.runtime.network.LoopFilter;
import dev.starling.runtime.network.NetworkFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A filter chain in service: its terminal network filter, running on every loop. Carried over from one version of its
 * listener to the next as long as it does not change, with its connections.
 */
public final class ActiveFilterChain {

    private final FilterChain config;
    private final List<LoopFilter> lanes = new CopyOnWriteArrayList<>();

    private ActiveFilterChain(FilterChain config) {
        this.config = config;
    }

    /** Starts the filter on all loops; complete when connections can be accepted. */
    static CompletionStage<ActiveFilterChain> start(FilterChain config, @Nullable NetworkFilter filter, Loops loops) {
        ActiveFilterChain chain = new ActiveFilterChain(config);
        if (filter == null) {
            return CompletableFuture.completedStage(chain);
        }
        List<CompletableFuture<LoopFilter>> starting = new ArrayList<>();
        for (Loop loop : loops) {
            starting.add(CompletableFuture.supplyAsync(() -> filter.onLoop(loop), loop.eventLoop()));
        }
        return CompletableFuture.allOf(starting.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    starting.forEach(lane -> chain.lanes.add(lane.join()));
                    return chain;
                });
    }

    public FilterChain config() {
        return config;
    }

    /** The filter on the loop, or null if the chain is empty and closes what it gets. */
    @Nullable
    LoopFilter lane(Loop loop) {
        return lanes.isEmpty() ? null : lanes.get(loop.index());
    }

    /** Begins to close connections gently on all loops; any thread. */
    void drain(Loops loops) {
        onLanes(loops, LoopFilter::drain);
    }

    /** Closes what is left; the flows end. Any thread. */
    void close(Loops loops) {
        onLanes(loops, lane -> {
            lane.closeAll();
            lane.retire();
        });
    }

    /** No new connections will come; the flows end with the last connection. Any thread. */
    void retire(Loops loops) {
        onLanes(loops, LoopFilter::retire);
    }

    private void onLanes(Loops loops, java.util.function.Consumer<LoopFilter> action) {
        for (int i = 0; i < lanes.size(); i++) {
            LoopFilter lane = lanes.get(i);
            loops.get(i).run(() -> action.accept(lane));
        }
    }
}
