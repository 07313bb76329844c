package dev.starling.runtime.control.extension;

import dev.starling.config.DiscoveredExtension;
import dev.starling.config.Extension;
import dev.starling.runtime.control.Leases;
import dev.starling.runtime.control.discovery.Resources;
import dev.starling.runtime.network.FilterConfigs;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.xds.Discovery.Watching;
import dev.starling.xds.subscription.Watch.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The configurations of extensions that come by themselves, each watched once however many filter chains, or versions of one,
 * use it. Any thread; one lock for all, as what is told of one configuration may make use of others.
 */
public final class ExtensionBook {

    private final Resources resources;
    private final StatsStore stats;
    private final Map<Key, Entry> entries = new HashMap<>();

    private record Key(FilterConfigs.Kind kind, String name, DiscoveredExtension wanted) {}

    public ExtensionBook(Resources resources, StatsStore stats) {
        this.resources = resources;
        this.stats = stats;
    }

    /** What one filter chain uses, to be given back together. */
    public Lease lease() {
        return new Lease();
    }

    private synchronized Entry take(Key key, Consumer<Optional<Extension>> use) {
        Entry entry = entries.computeIfAbsent(key, Entry::new);
        entry.add(use);
        return entry;
    }

    private synchronized void giveBack(Key key, Entry entry, Consumer<Optional<Extension>> use) {
        if (entry.remove(use)) {
            entries.remove(key, entry);
            entry.end();
        }
    }

    /** One configuration and who uses it. */
    private final class Entry {

        private final Key key;
        private final StatsScope scope;
        private final ExtensionStats counts;
        private final List<Consumer<Optional<Extension>>> users = new ArrayList<>();
        private final CompletableFuture<Void> ready = new CompletableFuture<>();
        private final Watching watching;
        private Optional<Extension> current;

        Entry(Key key) {
            this.key = key;
            this.current = key.wanted().fallback();
            this.scope = stats.scope("extension_config_discovery." + key.kind().envoyName() + "." + key.name() + ".");
            this.counts = new ExtensionStats(scope);
            if (key.wanted().atOnce()) {
                ready.complete(null);
            }
            this.watching =
                    resources.extension(key.name(), key.wanted().source(), key.wanted()::objection, scope, this::tell);
        }

        private void add(Consumer<Optional<Extension>> use) {
            users.add(use);
            use.accept(current);
        }

        /** Whether it was the last one. */
        private boolean remove(Consumer<Optional<Extension>> use) {
            users.remove(use);
            return users.isEmpty();
        }

        private void tell(Update<Extension> update) {
            if (update instanceof Update.Answered<Extension>(var change)) {
                if (!change.refused().isEmpty()) {
                    counts.failed();
                }
                // What others wanted may be of no use here.
                change.updated()
                        .forEach(held -> key.wanted()
                                .objection(held.resource())
                                .ifPresentOrElse(_ -> counts.failed(), () -> publish(Optional.of(held.resource()))));
                if (!change.removed().isEmpty()) {
                    publish(key.wanted().fallback());
                }
            }
            ready.complete(null);
        }

        private void publish(Optional<Extension> next) {
            synchronized (ExtensionBook.this) {
                current = next;
                List.copyOf(users).forEach(user -> user.accept(next));
            }
            counts.reloaded();
        }

        private void end() {
            watching.end();
            scope.remove();
        }
    }

    /** What one filter chain uses. */
    public final class Lease implements FilterConfigs {

        private final Leases leases = new Leases();

        @Override
        public void follow(Kind kind, String name, DiscoveredExtension wanted, Consumer<Optional<Extension>> use) {
            Key key = new Key(kind, name, wanted);
            Entry entry = take(key, use);
            leases.add(entry.ready, () -> giveBack(key, entry, use));
        }

        /** Complete when all configurations have come, or it is known that they have not in time. */
        public CompletionStage<Void> ready() {
            return leases.ready();
        }

        /** The chain is no more. */
        public void end() {
            leases.end();
        }
    }
}
