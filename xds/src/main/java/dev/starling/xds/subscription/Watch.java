package dev.starling.xds.subscription;

import dev.starling.xds.protocol.Change;
import dev.starling.xds.resource.ResourceType;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One who wants one resource, or all of a type. Each is itself only.
 *
 * @param <R> the resource
 */
public final class Watch<R> {

    private final ResourceType<R> type;
    private final Optional<String> name;
    private final Duration initialFetchTimeout;
    private final Function<R, Optional<String>> objection;
    private final SubscriptionStats stats;
    private final Subscriber<R> subscriber;

    /** What the subscriber is told. */
    public sealed interface Update<R> {

        /** Of a named resource only what concerns it. What is held already is told first, as if it had just come. */
        record Answered<R>(Change<R> change) implements Update<R> {}

        /** Told once: nothing has come within the initial fetch timeout. It may come yet. */
        record NothingCame<R>() implements Update<R> {}

        /** This and what has come after it as one, of each resource the last word. */
        default Update<R> then(Update<R> later) {
            if (!(later instanceof Answered<R>(var last))) {
                return this; // it came, at last
            }
            return this instanceof Answered<R>(var first) ? new Answered<>(first.then(last)) : later;
        }
    }

    /** Who is told. */
    @FunctionalInterface
    public interface Subscriber<R> {

        /**
         * Must not block, such as an actor's tell.
         *
         * @param taken to be run, by any thread, when the update has been seen to: nothing more is read of the source until
         *     then, so that nobody has more than one update before him
         */
        void told(Update<R> update, Runnable taken);

        /** One who is not waited for: what it is told is small, and need not hold up its source. */
        static <R> Subscriber<R> unawaited(Consumer<Update<R>> told) {
            return (update, taken) -> {
                told.accept(update);
                taken.run();
            };
        }
    }

    /**
     * @param name canonical; absent: all there are
     * @param initialFetchTimeout zero: for ever
     * @param objection why a resource that is valid by itself is of no use here, if so: then it is refused. Must not block
     */
    public Watch(
            ResourceType<R> type,
            Optional<String> name,
            Duration initialFetchTimeout,
            Function<R, Optional<String>> objection,
            SubscriptionStats stats,
            Subscriber<R> subscriber) {
        this.type = type;
        this.name = name;
        this.initialFetchTimeout = initialFetchTimeout;
        this.objection = objection;
        this.stats = stats;
        this.subscriber = subscriber;
    }

    public ResourceType<R> type() {
        return type;
    }

    public Optional<String> name() {
        return name;
    }

    public Duration initialFetchTimeout() {
        return initialFetchTimeout;
    }

    public Optional<String> objection(R resource) {
        return objection.apply(resource);
    }

    public SubscriptionStats stats() {
        return stats;
    }

    /** Called by who watches for it. */
    public void tell(Update<R> update, Runnable taken) {
        subscriber.told(update, taken);
    }

    /** The same by one who does not wait. */
    public void tell(Update<R> update) {
        tell(update, () -> {});
    }
}
