package dev.starling.runtime.control.secret;

import dev.starling.config.tls.SdsSecret;
import dev.starling.config.tls.Secret;
import dev.starling.runtime.control.discovery.UpdateStats;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.tls.SecretSource;
import dev.starling.xds.Discovery;
import dev.starling.xds.resource.HeldResources;
import dev.starling.xds.resource.ResourceName;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.subscription.Watch;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The secrets in use, each watched once however many filter chains and clusters use it. Any thread. */
public final class SecretBook implements SecretSource {

    private final Discovery discovery;
    private final ResourceType<Secret> type;
    private final Consumer<SecretManager.Command> manager;
    private final HeldResources held;
    private final StatsStore stats;
    private final InstantSource clock;
    private final Map<SdsSecret, Entry> entries = new HashMap<>();

    private record Entry(SecretSlot slot, Runnable end) {}

    /** @param held told what is wanted */
    public SecretBook(
            Discovery discovery,
            ResourceType<Secret> type,
            Consumer<SecretManager.Command> manager,
            HeldResources held,
            StatsStore stats,
            InstantSource clock) {
        this.discovery = discovery;
        this.type = type;
        this.manager = manager;
        this.held = held;
        this.stats = stats;
        this.clock = clock;
    }

    @Override
    public synchronized Lease lease(SdsSecret secret, Runnable changed) {
        Entry entry = entries.computeIfAbsent(secret, this::begin);
        entry.slot.users.add(changed);
        return new Lease() {
            @Override
            public Optional<Secret> current() {
                return Optional.ofNullable(entry.slot.current);
            }

            @Override
            public CompletionStage<Void> answered() {
                return entry.slot.answered;
            }

            @Override
            public void end() {
                giveBack(entry, changed);
            }
        };
    }

    private Entry begin(SdsSecret secret) {
        StatsScope scope = stats.scope("sds." + secret.name() + ".");
        SecretSlot slot = new SecretSlot(secret, scope.counter("key_rotation_failed"));
        manager.accept(new SecretManager.InUse(slot));
        held.watched(type.typeUrl(), secret.name(), clock.instant());
        Discovery.Watching watching = discovery.watch(
                secret.source(),
                new Watch<>(
                        type,
                        Optional.of(ResourceName.canonical(secret.name())),
                        secret.source().initialFetchTimeout(),
                        come -> objection(secret, come),
                        new UpdateStats(scope),
                        (update, taken) -> manager.accept(new SecretManager.Told(slot, update, taken))));
        return new Entry(slot, () -> {
            watching.end();
            held.unwatched(type.typeUrl(), secret.name());
            scope.remove();
            manager.accept(new SecretManager.Unused(slot));
        });
    }

    /** Envoy tries it all the same, and fails to load what is not there. */
    private static Optional<String> objection(SdsSecret wanted, Secret come) {
        return wanted.kind().isInstance(come)
                ? Optional.empty()
                : Optional.of("is of another kind than " + wanted.kind().getSimpleName());
    }

    private synchronized void giveBack(Entry entry, Runnable changed) {
        if (entry.slot.users.remove(changed) && entry.slot.users.isEmpty()) {
            entries.remove(entry.slot.named, entry);
            entry.end.run();
        }
    }
}
