package dev.starling.runtime.control.discovery;

import com.google.protobuf.Any;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.proto.UnknownFields;
import dev.starling.runtime.control.Configs;
import dev.starling.runtime.tls.NoSecrets;
import dev.starling.xds.Discovery;
import dev.starling.xds.protocol.Change;
import dev.starling.xds.protocol.Refusal;
import dev.starling.xds.resource.Held;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceTypes;
import dev.starling.xds.subscription.Watch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A source of resources whose other end is the test. */
public final class FakeDiscovery implements Discovery {

    private final List<String> watched = new ArrayList<>();
    private int reached;
    public final ResourceTypes types =
            ResourceTypes.readBy(Configs.loader(), List.of(), UnknownFields.REJECT, _ -> true, _ -> {});
    private final List<Watch<?>> watches = new ArrayList<>();

    public Resources resources() {
        return new Resources(this, types, this::reach, NoSecrets.SOURCE);
    }

    private synchronized CompletionStage<Void> reach() {
        reached++;
        return CompletableFuture.completedStage(null);
    }

    /** How often it was told that control planes can be reached. */
    public synchronized int reached() {
        return reached;
    }

    /** Such as {@code endpoints service}; {@code *} for all. */
    public synchronized List<String> watched() {
        return List.copyOf(watched);
    }

    /** Until exactly these are watched. */
    public synchronized void awaitWatched(String... expected) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        try {
            while (!watched.equals(List.of(expected))) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("watched: " + watched);
                }
                wait(100);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String word(ResourceType<?> type) {
        return Objects.requireNonNull(Map.of(
                        types.clusters(), "clusters",
                        types.endpoints(), "endpoints",
                        types.localityEndpoints(), "members",
                        types.listeners(), "listeners",
                        types.routes(), "routes",
                        types.runtime(), "runtime",
                        types.scopes(), "scopes",
                        types.virtualHosts(), "hosts",
                        types.extensions(), "extension",
                        types.secrets(), "secrets")
                .get(type));
    }

    @Override
    public synchronized Watching watch(ConfigSource source, Watch<?> watch) {
        String text = word(watch.type()) + " " + watch.name().orElse("*");
        watched.add(text);
        watches.add(watch);
        notifyAll();
        return () -> end(watch, text);
    }

    private synchronized void end(Watch<?> watch, String text) {
        watched.remove(text);
        watches.remove(watch);
        notifyAll();
    }

    /** Tells all who want it. */
    public <R> void send(ResourceType<R> type, String name, R resource) {
        tell(type, new Change<>("1", List.of(held(name, resource)), List.of(), List.of()));
    }

    public void remove(ResourceType<?> type, String name) {
        tell(type, new Change<>("1", List.of(), List.of(name), List.of()));
    }

    public void refuse(ResourceType<?> type, String name) {
        tell(type, new Change<>("1", List.of(), List.of(), List.of(new Refusal(name, "bad"))));
    }

    private static <R> Held<R> held(String name, R resource) {
        return new Held<>(name, "1", List.of(), Any.getDefaultInstance(), resource, 0, Instant.EPOCH, false);
    }

    private synchronized <R> void tell(ResourceType<R> type, Change<R> change) {
        for (Watch<?> watch : List.copyOf(watches)) {
            if (watch.type() == type) {
                @SuppressWarnings("unchecked") // of the same type
                Watch<R> typed = (Watch<R>) watch;
                Optional<String> name = watch.name();
                boolean concerned = name.isEmpty()
                        || change.updated().stream()
                                .anyMatch(held -> held.name().equals(name.get()))
                        || change.removed().contains(name.get())
                        || change.refused().stream()
                                .anyMatch(refusal -> refusal.name().equals(name.get()));
                if (concerned) {
                    typed.tell(new Watch.Update.Answered<>(judged(typed, change)));
                }
            }
        }
    }

    /** What the watch objects to is refused. */
    private static <R> Change<R> judged(Watch<R> watch, Change<R> change) {
        List<Held<R>> accepted = new ArrayList<>();
        List<Refusal> refused = new ArrayList<>(change.refused());
        for (Held<R> held : change.updated()) {
            watch.objection(held.resource())
                    .ifPresentOrElse(reason -> refused.add(new Refusal(held.name(), reason)), () -> accepted.add(held));
        }
        return new Change<>(change.version(), accepted, change.removed(), refused);
    }

    /** Nothing comes in time. */
    public synchronized void timeOut() {
        List.copyOf(watches).forEach(FakeDiscovery::timeOut);
    }

    private static <R> void timeOut(Watch<R> watch) {
        watch.tell(new Watch.Update.NothingCame<>());
    }
}
