package dev.starling.runtime.control.route;

import dev.starling.config.HeaderMutations;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.RouteSource;
import dev.starling.config.route.RouteSource.Rds;
import dev.starling.config.route.ScopedRoutes;
import dev.starling.runtime.control.Leases;
import dev.starling.runtime.control.discovery.Resources;
import dev.starling.runtime.route.RouteSlot;
import dev.starling.runtime.route.RouteTable;
import dev.starling.runtime.route.RouteTableSource;
import dev.starling.runtime.route.RouteTables;
import dev.starling.runtime.route.ScopeSlot;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.xds.Discovery.Watching;
import dev.starling.xds.subscription.Watch.Update;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
    private final Resources resources;
    private final StatsStore stats;
    private final Map<Key, Entry> entries = new HashMap<>();

    private sealed interface Key {

        record Brought(String name, long contentHash) implements Key {}

        /** Counted for each connection manager, as Envoy does. */
        record Found(Rds rds, String statPrefix) implements Key {}

        /** The same. */
        record Scoped(ScopedRoutes scopes, String statPrefix) implements Key {}
    }

    private static final class Entry {

        private final RouteTableSource table;
        private final CompletableFuture<Void> ready;
        private final Runnable end;
        private int leases;

        /**
         * @param ready when it has its routes, or it is known that there are none yet
         * @param end when the last lease has ended
         */
        Entry(RouteTableSource table, CompletableFuture<Void> ready, Runnable end) {
            this.table = table;
            this.ready = ready;
            this.end = end;
        }
    }

    public RouteBook(
            Function<RouteConfiguration, RouteTable> compiler,
            Consumer<RouteManager.Command> manager,
            Resources resources,
            StatsStore stats) {
        this.stats = stats;
        this.compiler = compiler;
        this.manager = manager;
        this.resources = resources;
    }

    /** The tables that one filter chain uses, to be given back together. */
    public Lease lease() {
        return new Lease();
    }

    private synchronized Entry take(Key.Brought key, RouteConfiguration config, String statPrefix) {
        Entry entry = entries.get(key);
        // An update may have replaced what stands under the key: who brings the old content gets the old content.
        if (entry == null || contentHash(entry) != config.contentHash()) {
            RouteSlot slot = new RouteSlot(compiler.apply(config));
            entry = new Entry(
                    slot, CompletableFuture.completedFuture(null), () -> manager.accept(new RouteManager.Unused(slot)));
            entries.put(key, entry);
            manager.accept(new RouteManager.InUse(slot, RouteOwner.filterChains(config.name()), statPrefix));
        }
        entry.leases++;
        return entry;
    }

    private static long contentHash(Entry entry) {
        return ((RouteSlot) entry.table).config().contentHash();
    }

    private synchronized Entry take(Key key, Supplier<Entry> maker) {
        Entry entry = entries.computeIfAbsent(key, _ -> maker.get());
        entry.leases++;
        return entry;
    }

    private Entry found(Key.Found key) {
        Rds rds = key.rds();
        StatsScope scope = stats.scope("http." + key.statPrefix() + ".rds." + rds.name() + ".");
        RouteSlot slot = new RouteSlot(compiler.apply(nothing(rds.name())));
        RouteOwner owner = new RouteOwner(rds.name(), Optional.of(rds.source()));
        manager.accept(new RouteManager.InUse(slot, owner, key.statPrefix()));
        CompletableFuture<Void> ready = new CompletableFuture<>();
        Watching watching = resources.routes(rds.name(), rds.source(), scope, (update, seen) -> {
            if (update instanceof Update.Answered<RouteConfiguration>(var change)
                    && !change.updated().isEmpty()) {
                manager.accept(new RouteManager.Found(
                        owner, change.updated().getFirst().resource(), seen, () -> ready.complete(null)));
            } else {
                // What is refused or is no more leaves what was there, as Envoy does.
                ready.complete(null);
                seen.run();
            }
        });
        return new Entry(slot, ready, () -> {
            watching.end();
            scope.remove();
            manager.accept(new RouteManager.Unused(slot));
        });
    }

    private Entry scoped(Key.Scoped key) {
        ScopedRoutes scopes = key.scopes();
        StatsScope scope = stats.scope("http." + key.statPrefix() + ".scoped_rds." + scopes.name() + ".");
        ScopeSlot slot = new ScopeSlot(scopes.key(), compiler.apply(nothing(scopes.name())));
        CompletableFuture<Void> ready = new CompletableFuture<>();
        manager.accept(new RouteManager.ScopesInUse(new ScopesActor.Ports(
                scopes, key.statPrefix(), slot, this, resources, scope, () -> ready.complete(null))));
        return new Entry(slot, ready, () -> {
            scope.remove();
            manager.accept(new RouteManager.ScopesUnused(slot));
        });
    }

    /** Until something comes, nothing is found. */
    private static RouteConfiguration nothing(String name) {
        return new RouteConfiguration(name, List.of(), HeaderMutations.NONE, List.of(), false, false, 0);
    }

    private synchronized void giveBack(Key key, Entry entry) {
        entry.leases--;
        if (entry.leases == 0) {
            entries.remove(key, entry);
            entry.end.run();
        }
    }

    /** What one filter chain uses. */
    public final class Lease implements RouteTables {

        private final Leases leases = new Leases();

        @Override
        public RouteTableSource table(RouteSource source, String statPrefix) {
            return switch (source) {
                case RouteConfiguration config -> {
                    Key.Brought key = new Key.Brought(config.name(), config.contentHash());
                    yield leased(key, take(key, config, statPrefix));
                }
                case Rds rds -> {
                    Key.Found key = new Key.Found(rds, statPrefix);
                    yield leased(key, take(key, () -> found(key)));
                }
                case ScopedRoutes scopes -> {
                    Key.Scoped key = new Key.Scoped(scopes, statPrefix);
                    yield leased(key, take(key, () -> scoped(key)));
                }
            };
        }

        private RouteTableSource leased(Key key, Entry entry) {
            leases.add(entry.ready, () -> giveBack(key, entry));
            return entry.table;
        }

        /** Complete when all tables have their routes, or it is known that they have none yet. */
        public CompletionStage<Void> ready() {
            return leases.ready();
        }

        /** The chain is no more. */
        public void end() {
            leases.end();
        }
    }
}
