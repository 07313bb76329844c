package dev.starling.runtime.control.route;

import dev.starling.config.route.RouteConfiguration;
import dev.starling.runtime.route.RouteSlot;
import dev.starling.runtime.route.RouteTable;
import dev.starling.runtime.route.RouteTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The route configurations in use, each compiled once however many filter chains, or versions of one, use it. Tells the
 * manager which come and go. Any thread.
 */
public final class RouteBook {

    private final Function<RouteConfiguration, RouteTable> compiler;
    private final Consumer<RouteManager.Command> manager;
    private final Map<Key, Entry> entries = new HashMap<>();

    private record Key(String name, long contentHash) {}

    private static final class Entry {

        private final RouteSlot slot;
        private int leases;

        Entry(RouteSlot slot) {
            this.slot = slot;
        }
    }

    public RouteBook(Function<RouteConfiguration, RouteTable> compiler, Consumer<RouteManager.Command> manager) {
        this.compiler = compiler;
        this.manager = manager;
    }

    /** The tables that one filter chain uses, to be given back together. */
    public Lease lease() {
        return new Lease();
    }

    private synchronized Entry take(Key key, RouteConfiguration config) {
        Entry entry = entries.get(key);
        // An update may have replaced what stands under the key: who brings the old content gets the old content.
        if (entry == null || entry.slot.config().contentHash() != config.contentHash()) {
            entry = new Entry(new RouteSlot(compiler.apply(config)));
            entries.put(key, entry);
            manager.accept(new RouteManager.InUse(entry.slot, config.name()));
        }
        entry.leases++;
        return entry;
    }

    private synchronized void giveBack(Key key, Entry entry) {
        entry.leases--;
        if (entry.leases == 0) {
            entries.remove(key, entry);
            manager.accept(new RouteManager.Unused(entry.slot));
        }
    }

    /** What one filter chain uses. */
    public final class Lease implements RouteTables {

        private final List<Runnable> returns = new ArrayList<>();

        @Override
        public Supplier<RouteTable> table(RouteConfiguration config) {
            Key key = new Key(config.name(), config.contentHash());
            Entry entry = take(key, config);
            returns.add(() -> giveBack(key, entry));
            return entry.slot;
        }

        /** The chain is no more. */
        public void end() {
            returns.forEach(Runnable::run);
            returns.clear();
        }
    }
}
