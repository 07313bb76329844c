package dev.starling.xds.stream;

import com.google.protobuf.Message;
import dev.starling.xds.protocol.Change;
import dev.starling.xds.protocol.Interest;
import dev.starling.xds.protocol.TypeState;
import dev.starling.xds.resource.HeldResources.Section;
import dev.starling.xds.resource.Reference;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.subscription.Subscribers;
import dev.starling.xds.subscription.Watch;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * One type at one source: what the protocol has to say of it, and who wants to know.
 *
 * @param <R> the resource
 * @param <Q> requests
 * @param <A> answers
 */
public final class Line<R, Q extends Message, A extends Message> {

    private final TypeState<R, Q, A> state;
    private final Subscribers<R> subscribers;
    private final Section held;
    private final BiConsumer<Reference, List<Reference>> references;

    /**
     * @param held where it is shown
     * @param references told what each resource refers to from now on
     */
    public Line(
            TypeState<R, Q, A> state,
            Section held,
            Subscribers.Telling telling,
            BiConsumer<Reference, List<Reference>> references) {
        this.state = state;
        this.subscribers = new Subscribers<>(state, telling);
        this.held = held;
        this.references = references;
    }

    public ResourceType<R> type() {
        return state.type();
    }

    TypeState<R, Q, A> state() {
        return state;
    }

    public Subscribers<R> subscribers() {
        return subscribers;
    }

    /** True if an answer is to be waited for. */
    @SuppressWarnings("unchecked") // both are of the one type with this URL
    public boolean add(Watch<?> watch, Instant now) {
        return subscribers.add((Watch<R>) watch, now);
    }

    /** False if it was not there. */
    @SuppressWarnings("unchecked") // both are of the one type with this URL
    public boolean remove(Watch<?> watch) {
        return subscribers.remove((Watch<R>) watch);
    }

    @SuppressWarnings("unchecked") // both are of the one type with this URL
    public void timeOut(Watch<?> watch) {
        subscribers.timeOut((Watch<R>) watch);
    }

    public void want(Interest interest) {
        state.want(interest).forEach(this::forget);
    }

    public void receive(A response, Instant now) {
        apply(state.receive(response, subscribers, now), now);
    }

    void expire(Instant now) {
        Change<R> expired = state.expire(now);
        if (!expired.isEmpty()) {
            apply(expired, now);
        }
    }

    Optional<Instant> firstExpiry() {
        return state.firstExpiry();
    }

    /** What is referred to is wanted before anybody is told, so that it is asked for at once and as a whole. */
    private void apply(Change<R> change, Instant now) {
        String typeUrl = type().typeUrl();
        change.applyTo(held, typeUrl, now);
        change.updated()
                .forEach(resource -> references.accept(
                        new Reference(typeUrl, resource.name()), type().references(resource.resource())));
        change.removed().forEach(name -> references.accept(new Reference(typeUrl, name), List.of()));
        if (!change.updated().isEmpty() || !change.removed().isEmpty()) { // as Envoy shows it
            held.version(typeUrl, change.version());
        }
        subscribers.tell(change, now);
        held.settled(typeUrl); // who looks on comes after traffic
    }

    private void forget(String name) {
        held.remove(type().typeUrl(), name);
        references.accept(new Reference(type().typeUrl(), name), List.of());
    }
}
