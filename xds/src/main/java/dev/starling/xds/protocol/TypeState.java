package dev.starling.xds.protocol;

import com.google.protobuf.Message;
import dev.starling.xds.resource.Held;
import dev.starling.xds.resource.ResourceType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One type on a stream of one variant of the protocol: what it wants, what it holds, and what it has to say next. Used by one
 * thread; knows no clock.
 *
 * @param <R> what a resource becomes
 * @param <Q> requests
 * @param <A> answers
 */
public sealed interface TypeState<R, Q extends Message, A extends Message> permits SotwType, DeltaType {

    ResourceType<R> type();

    /** This is wanted from now on, and nothing else. Returns the names of what is forgotten. */
    List<String> want(Interest interest);

    /** A new stream is open, on which nothing was said yet. */
    void reopened();

    boolean hasNext();

    /** What is to be sent now, without the node; to be asked for until there is nothing. */
    Optional<Q> next();

    /** Takes a response; what it answers is in {@link #next}. */
    Change<R> receive(A response, Objections<R> objections, Instant now);

    /** When the first of the resources that are lent for a time goes, unless it is lent on. */
    Optional<Instant> firstExpiry();

    /** Removes what was lent until now. */
    Change<R> expire(Instant now);

    Collection<Held<R>> held();

    Optional<Held<R>> held(String name);
}
