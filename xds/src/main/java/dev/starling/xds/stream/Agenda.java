package dev.starling.xds.stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.starling.xds.resource.HeldResources.Section;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.subscription.Subscribers;
import dev.starling.xds.subscription.SubscriptionStats;
import dev.starling.xds.subscription.Watch;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All types of one stream: what is wanted of each, and what is to be said next, one type after the other in the order in
 * which they were first wanted. What answers a response goes before all else: what refers to something is acknowledged
 * before that is asked for. Used by one thread.
 *
 * @param <Q> requests
 * @param <A> answers
 */
final class Agenda<Q extends Message, A extends Message> {

    private final Dialect<Q, A> dialect;
    private final Map<String, ResourceType<?>> types;
    private final boolean aggregated;
    private final Section held;
    private final Subscribers.Telling telling;
    /** What is appended to a request to say who asks: fields of a message may come in parts. */
    private final ByteString introduction;

    private final boolean nodeOnFirstMessageOnly;
    private final Wants wants = new Wants();
    private final SequencedMap<String, Line<?, Q, A>> lines = new LinkedHashMap<>();
    private @Nullable Line<?, Q, A> answered;
    private boolean nodeTold;

    /** @param telling how watches are told */
    Agenda(DiscoveryStream.Streaming streaming, Dialect<Q, A> dialect, Subscribers.Telling telling) {
        this.dialect = dialect;
        this.types = streaming.types();
        this.aggregated = streaming.only().isEmpty();
        this.held = streaming.held().section();
        this.telling = telling;
        this.introduction = dialect.introduction().apply(streaming.node()).toByteString();
        this.nodeOnFirstMessageOnly = streaming.api().nodeOnFirstMessageOnly();
    }

    /** True if an answer is to be waited for. */
    boolean add(Watch<?> watch, Instant now) {
        wants.watch(watch.type().typeUrl(), watch.name());
        watch.stats().attempted();
        return line(watch.type()).add(watch, now);
    }

    void remove(Watch<?> watch) {
        Line<?, Q, A> line = lines.get(watch.type().typeUrl());
        if (line != null && line.remove(watch)) {
            wants.unwatch(watch.type().typeUrl(), watch.name());
        }
    }

    void timeOut(Watch<?> watch) {
        Line<?, Q, A> line = lines.get(watch.type().typeUrl());
        if (line != null) {
            line.timeOut(watch);
        }
    }

    private Line<?, Q, A> line(ResourceType<?> type) {
        return lines.computeIfAbsent(type.typeUrl(), _ -> newLine(type));
    }

    private <R> Line<R, Q, A> newLine(ResourceType<R> type) {
        // What a stream for one type refers to comes by others.
        return new Line<>(dialect.states().of(type), held, telling, aggregated ? wants::refers : (_, _) -> {});
    }

    /** What has come to be wanted is to be said, and what no longer is forgotten. True if anything is wanted at all. */
    boolean settle() {
        for (String changed : wants.takeChanged()) {
            ResourceType<?> type = types.get(changed);
            Line<?, Q, A> line = type == null ? lines.get(changed) : line(type);
            if (line != null) {
                line.want(wants.interest(changed));
            }
        }
        return wants.any();
    }

    /** A new stream is open. */
    void reopened() {
        nodeTold = false;
        answered = null;
        lines.values().forEach(line -> line.state().reopened());
    }

    boolean hasNext() {
        for (Line<?, Q, A> line : lines.values()) {
            if (line.state().hasNext()) {
                return true;
            }
        }
        return false;
    }

    Optional<ByteBuffer> next() {
        Optional<Q> answer =
                answered == null ? Optional.empty() : answered.state().next();
        if (answer.isPresent()) {
            return answer.map(this::message);
        }
        answered = null;
        settle();
        for (Line<?, Q, A> line : lines.values()) {
            Optional<Q> request = line.state().next();
            if (request.isPresent()) {
                return request.map(this::message);
            }
        }
        return Optional.empty();
    }

    private ByteBuffer message(Q request) {
        boolean tell = !nodeTold || !nodeOnFirstMessageOnly;
        nodeTold = true;
        ByteString message = request.toByteString();
        return (tell ? message.concat(introduction) : message).asReadOnlyByteBuffer();
    }

    /** False if nobody has ever asked for the type. */
    boolean receive(A response, Instant now) {
        Line<?, Q, A> line = lines.get(dialect.typeUrl(response));
        if (line != null) {
            line.receive(response, now);
            answered = line;
        }
        return line != null;
    }

    Optional<Instant> firstExpiry() {
        Optional<Instant> first = Optional.empty();
        for (Line<?, Q, A> line : lines.values()) {
            Optional<Instant> next = line.firstExpiry();
            if (first.isEmpty() || (next.isPresent() && next.get().isBefore(first.get()))) {
                first = next;
            }
        }
        return first;
    }

    void expire(Instant now) {
        lines.values().forEach(line -> line.expire(now));
    }

    void count(Consumer<SubscriptionStats> event) {
        lines.values().forEach(line -> line.subscribers().count(event));
    }

    Section held() {
        return held;
    }

    Collection<Line<?, Q, A>> lines() {
        return Collections.unmodifiableCollection(lines.values());
    }
}
