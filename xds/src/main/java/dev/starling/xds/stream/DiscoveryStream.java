package dev.starling.xds.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.starling.config.discovery.ApiConfigSource;
import dev.starling.config.discovery.ApiConfigSource.Variant;
import dev.starling.xds.resource.HeldResources;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.subscription.SubscriptionStats;
import dev.starling.xds.subscription.Watch;
import dev.starling.xds.subscription.Watch.Update;
import dev.starling.xds.transport.Transport;
import dev.starling.xds.transport.Transport.Call;
import dev.starling.xds.transport.Transport.Closed;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream to a control plane: keeps it open, asks for what is wanted and tells what comes. What is wanted is collected
 * until the messages at hand are done, and then said in one request for each type.
 */
public final class DiscoveryStream<Q extends Message, A extends Message> {

    private static final Logger log = LoggerFactory.getLogger(DiscoveryStream.class);

    /** Who does not see to what he is told for so long is not waited for; it would be a fault of ours. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * Of the type whose last response has not been seen to. They are judged at once, wait merged, and are acknowledged
     * together, so that a plane that is faster than those who are told does not have each of its updates applied.
     */
    private static final int MAX_READ_AHEAD = 64;

    private static final int UNAVAILABLE = 14;
    private static final int INTERNAL = 13;

    public sealed interface Command {}

    public record Add(Watch<?> watch) implements Command {}

    public record Remove(Watch<?> watch) implements Command {}

    /** Sent once: control planes can be reached. */
    public enum Begin implements Command {
        BEGIN
    }

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private record Received(int stream, ByteBuffer message) implements Command {}

    private record Ended(int stream, Closed why) implements Command {}

    private record FetchTimeOver(Watch<?> watch) implements Command {}

    private record Taken(Takers.Turn<?> turn) implements Command {}

    private enum Event implements Command {
        RETRY,
        SAY,
        TOKEN,
        EXPIRE,
        OVERDUE
    }

    /** For inspection. */
    public record State(String name, String phase, int streams, List<TypeView> types) {
        public State {
            types = List.copyOf(types);
        }
    }

    /** For inspection. */
    public record TypeView(String type, int watches, int held, String version, List<String> refused) {
        public TypeView {
            refused = List.copyOf(refused);
        }
    }

    /**
     * What it works with.
     *
     * @param name for people
     * @param only the type of a stream that is for one; absent: the aggregated stream
     * @param types that may be referred to, by type URL
     */
    public record Streaming(
            String name,
            ApiConfigSource api,
            Optional<ResourceType<?>> only,
            Map<String, ResourceType<?>> types,
            Node node,
            Transport transport,
            HeldResources held,
            StreamStats stats,
            RandomGenerator random,
            InstantSource clock) {
        public Streaming {
            types = Map.copyOf(types);
        }
    }

    private final Streaming streaming;
    private final Dialect<Q, A> dialect;
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Reconnection reconnection;
    private final Optional<RequestTokens> tokens;
    private final Agenda<Q, A> agenda;
    private final Takers takers = new Takers();
    private @Nullable Call call;
    /** Whether the next message has not been asked for. */
    private boolean paused;

    private String lastType = "";
    /** Responses of the last type since everything had been seen to. */
    private int ahead;
    /** Of another type than the last, which has not been seen to: its turn comes then. */
    private Optional<A> parked = Optional.empty();

    private boolean begun;
    private boolean sayPending;
    private int streams;
    private int lastStatus;

    private DiscoveryStream(
            Streaming streaming, Dialect<Q, A> dialect, ActorContext<Command> context, TimerScheduler<Command> timers) {
        this.streaming = streaming;
        this.dialect = dialect;
        this.agenda = new Agenda<>(streaming, dialect, this::tell);
        this.context = context;
        this.timers = timers;
        this.reconnection = new Reconnection(streaming.api().service().backoff(), streaming.random());
        this.tokens = streaming.api().rateLimit().map(limit -> new RequestTokens(limit, now()));
    }

    public static Behavior<Command> create(Streaming streaming) {
        Behavior<Command> stream = Behaviors.setup(context ->
                Behaviors.withTimers(timers -> streaming.api().variant() == Variant.DELTA
                        ? new DiscoveryStream<>(streaming, Dialect.DELTA, context, timers).streaming()
                        : new DiscoveryStream<>(streaming, Dialect.SOTW, context, timers).streaming()));
        // A restart would forget what is held; a fault costs one message.
        return Behaviors.supervise(stream).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> streaming() {
        return Behaviors.receive(Command.class)
                .onMessage(Command.class, command -> {
                    on(command);
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, _ -> {
                    if (call != null) {
                        call.cancel();
                    }
                    return Behaviors.same();
                })
                .build();
    }

    private void on(Command command) {
        switch (command) {
            case Add(var watch) -> add(watch);
            case Remove(var watch) -> remove(watch);
            case Begin _ -> {
                begun = true;
                say();
            }
            case Received(var stream, var message) -> {
                if (stream == streams && call != null) {
                    receive(message, call);
                }
            }
            case Ended(var stream, var why) -> {
                if (stream == streams && call != null) {
                    end(why);
                }
            }
            case FetchTimeOver(var watch) -> agenda.timeOut(watch);
            case Taken(var turn) -> {
                takers.taken(turn, now()).ifPresent(this::tell);
                settle();
            }
            case Event event -> {
                switch (event) {
                    case EXPIRE -> {
                        agenda.expire(now());
                        awaitExpiry();
                        say();
                    }
                    case OVERDUE -> {
                        if (untilOverdue().filter(Duration.ZERO::equals).isPresent()) {
                            log.warn(
                                    "{}: going on without {} who were told something",
                                    streaming.name(),
                                    takers.count());
                            takers.forget(now()).forEach(this::tell);
                        }
                        settle();
                    }
                    case SAY -> {
                        sayPending = false;
                        say();
                    }
                    case RETRY, TOKEN -> say();
                }
            }
            case GetState(var replyTo) -> replyTo.tell(state());
        }
    }

    // ---- who wants what -------------------------------------------------------------------------------------------

    private void add(Watch<?> watch) {
        if (agenda.add(watch, now()) && !watch.initialFetchTimeout().isZero()) {
            timers.startSingleTimer(watch, new FetchTimeOver(watch), watch.initialFetchTimeout());
        }
        sayLater();
    }

    private void remove(Watch<?> watch) {
        timers.cancel(watch);
        agenda.remove(watch);
        takers.gone(watch);
        sayLater();
        settle();
    }

    private <T> void tell(Watch<T> watch, Update<T> update) {
        takers.add(watch, update, now()).ifPresent(this::tell);
    }

    private void tell(Takers.Due<?> due) {
        ActorRef<Command> self = context.getSelf();
        due.tell(turn -> self.tell(new Taken(turn)));
    }

    /** Once what is in the mailbox already is done: those who want something often come together. */
    private void sayLater() {
        if (!sayPending) {
            sayPending = true;
            context.getSelf().tell(Event.SAY);
        }
    }

    // ---- the stream -----------------------------------------------------------------------------------------------

    /** Says all that is to be said, on a new stream if there is none. */
    private void say() {
        boolean wanted = agenda.settle();
        if (call == null && begun && wanted && !timers.isTimerActive(Event.RETRY)) {
            call = open();
            readOn();
        }
        if (call != null) {
            sayOn(call);
        }
    }

    private Call open() {
        streams++;
        agenda.reopened();
        int stream = streams;
        ActorRef<Command> self = context.getSelf();
        Call opened = streaming
                .transport()
                .open(
                        streaming.api().service(),
                        streaming
                                .only()
                                .map(type -> dialect.ownMethod().apply(type.methods()))
                                .orElseGet(dialect::aggregatedMethod),
                        Transport.Receiver.of(
                                message -> self.tell(new Received(stream, message)),
                                why -> self.tell(new Ended(stream, why))));
        streaming.stats().connected(true);
        paused = true;
        return opened;
    }

    /** Asks for the next message, when all have seen to the last or some can be read ahead. */
    private void readOn() {
        boolean waiting = takers.count() > 0;
        if (call != null && paused && (!waiting || ahead < MAX_READ_AHEAD)) {
            paused = false;
            call.more();
        }
        if (waiting && !timers.isTimerActive(Event.OVERDUE)) { // stays: one timer serves many updates
            untilOverdue().ifPresent(wait -> timers.startSingleTimer(Event.OVERDUE, Event.OVERDUE, wait));
        }
    }

    /** Absent: nobody is waited for. */
    private Optional<Duration> untilOverdue() {
        return takers.longest().map(since -> until(since.plus(PATIENCE)));
    }

    private void sayOn(Call open) {
        boolean limited = false;
        while (agenda.hasNext() && !limited) {
            Duration wait = tokens.map(bucket -> bucket.untilToken(now())).orElse(Duration.ZERO);
            limited = !wait.isZero();
            if (limited) {
                timers.startSingleTimer(Event.TOKEN, Event.TOKEN, wait);
                streaming.stats().rateLimited();
            } else {
                tokens.ifPresent(RequestTokens::take);
                agenda.next().ifPresent(open::send);
            }
        }
        streaming.stats().pendingRequests(limited ? 1 : 0);
    }

    private void receive(ByteBuffer message, Call open) {
        reconnection.succeeded();
        lastStatus = 0;
        A response;
        try {
            response = dialect.read(message);
        } catch (InvalidProtocolBufferException broken) {
            open.cancel();
            end(new Closed(INTERNAL, "a response that cannot be decoded: " + broken.getMessage()));
            return;
        }
        String identifier = dialect.identifier(response);
        if (!identifier.isEmpty()) {
            streaming.stats().identified(identifier);
        }
        if (takers.count() > 0 && !dialect.typeUrl(response).equals(lastType)) {
            parked = Optional.of(response);
        } else {
            take(response);
        }
    }

    private void take(A response) {
        lastType = dialect.typeUrl(response);
        ahead++;
        try {
            if (!agenda.receive(response, now())) {
                log.warn(
                        "{}: ignoring the message for type URL {} as it has no current subscribers",
                        streaming.name(),
                        lastType);
            }
            awaitExpiry();
        } finally {
            // Whatever became of it, the stream goes on.
            paused = true;
            settle();
        }
    }

    /**
     * Answers what was read, and goes on with another type, when all have seen to it: it reaches traffic before that is said,
     * and nothing overtakes what it refers to.
     */
    private void settle() {
        if (takers.count() == 0) {
            ahead = 0;
            if (!sayPending) {
                say();
            }
            Optional<A> next = parked;
            parked = Optional.empty();
            next.ifPresent(this::take);
        }
        readOn();
    }

    private void end(Closed why) {
        call = null;
        parked = Optional.empty();
        streaming.stats().connected(false);
        Duration wait = reconnection.next();
        if (why.status() == UNAVAILABLE || why.status() == lastStatus) {
            log.debug("{}: gRPC config stream closed: {}; again in {}", streaming.name(), why, wait);
        } else {
            log.warn("{}: gRPC config stream closed: {}", streaming.name(), why);
        }
        lastStatus = why.status();
        agenda.count(SubscriptionStats::failed);
        timers.startSingleTimer(Event.RETRY, Event.RETRY, wait);
    }

    private void awaitExpiry() {
        agenda.firstExpiry()
                .ifPresentOrElse(first -> timers.startSingleTimer(Event.EXPIRE, Event.EXPIRE, until(first)), () -> {
                    if (timers.isTimerActive(Event.EXPIRE)) {
                        timers.cancel(Event.EXPIRE);
                    }
                });
    }

    private Duration until(Instant time) {
        Instant now = now();
        return time.isAfter(now) ? Duration.between(now, time) : Duration.ZERO;
    }

    private Instant now() {
        return streaming.clock().instant();
    }

    private State state() {
        String phase = call != null ? "open" : begun ? "waiting" : "not begun";
        return new State(
                streaming.name(),
                phase,
                streams,
                agenda.lines().stream().map(this::view).toList());
    }

    private TypeView view(Line<?, Q, A> line) {
        String typeUrl = line.type().typeUrl();
        return new TypeView(
                line.type().toString(),
                line.subscribers().all().size(),
                line.state().held().size(),
                agenda.held().version(typeUrl),
                agenda.held().refusals(typeUrl));
    }
}
