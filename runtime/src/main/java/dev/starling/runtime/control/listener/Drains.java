package dev.starling.runtime.control.listener;

import dev.starling.runtime.control.listener.ListenerActor.DrainView;
import dev.starling.runtime.listener.DrainOptions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The filter chains of a listener that take no more connections and wait for those they have to end. */
final class Drains {

    private final DrainOptions options;
    private final ListenerManagerStats stats;
    private final Map<Integer, Drain> drains = new TreeMap<>();
    private int begun;

    private record Drain(boolean wholeListener, List<ServedChain> chains) {}

    Drains(DrainOptions options, ListenerManagerStats stats) {
        this.options = options;
        this.stats = stats;
    }

    /** Begins to drain and returns a number to call it by. */
    int begin(List<ServedChain> chains, boolean wholeListener, long nowNanos) {
        begun++;
        Drain drain = new Drain(wholeListener, List.copyOf(chains));
        drains.put(begun, drain);
        count(drain, 1);
        for (ServedChain chain : chains) {
            if (wholeListener) {
                chain.chain().drain(options, nowNanos);
            } else {
                // As Envoy: chains that left in an in-place update do not wait for the strategy.
                chain.chain().drainAtOnce();
            }
        }
        return begun;
    }

    /** Complete when its last connection has closed; {@link #emptied} is then to be called. */
    CompletionStage<Void> retire(int number) {
        return CompletableFuture.allOf(chains(number).stream()
                .map(chain -> chain.chain().retire().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** The drain time is over: what is left is closed. */
    void over(int number) {
        chains(number).forEach(chain -> chain.chain().close());
    }

    void emptied(int number) {
        Drain drain = drains.remove(number);
        if (drain != null) {
            count(drain, -1);
            drain.chains().forEach(ServedChain::ended);
        }
    }

    boolean isEmpty() {
        return drains.isEmpty();
    }

    void closeGently() {
        each(chain -> chain.chain().closeGently());
    }

    void closeNow() {
        each(chain -> chain.chain().close());
    }

    List<DrainView> views() {
        return drains.entrySet().stream()
                .map(drain -> new DrainView(
                        drain.getKey(),
                        drain.getValue().wholeListener(),
                        names(drain.getValue().chains())))
                .toList();
    }

    static List<String> names(Collection<ServedChain> chains) {
        return chains.stream()
                .map(chain -> chain.chain().config().name())
                .sorted()
                .toList();
    }

    private List<ServedChain> chains(int number) {
        Drain drain = drains.get(number);
        return drain == null ? List.of() : drain.chains();
    }

    private void each(Consumer<ServedChain> action) {
        drains.values().forEach(drain -> drain.chains().forEach(action));
    }

    private void count(Drain drain, int sign) {
        if (drain.wholeListener()) {
            stats.draining().add(sign);
        } else {
            stats.filterChainsDraining().add((long) sign * drain.chains().size());
        }
    }
}
