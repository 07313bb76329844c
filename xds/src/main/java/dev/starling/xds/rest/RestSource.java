package dev.starling.xds.rest;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.discovery.RestApi;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.source.SourceFormat;
import dev.starling.xds.protocol.Change;
import dev.starling.xds.protocol.Interest;
import dev.starling.xds.protocol.ResponseReader;
import dev.starling.xds.protocol.SotwType;
import dev.starling.xds.resource.HeldResources;
import dev.starling.xds.resource.HeldResources.Section;
import dev.starling.xds.subscription.Watch;
import dev.starling.xds.subscription.Watch.Update;
import dev.starling.xds.transport.Fetcher;
import dev.starling.xds.transport.Fetcher.Fetched;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for one watch again and again (Envoy's {@code HttpSubscriptionImpl}, which also asks for each subscription by itself):
 * a request of the state of the world as JSON, and when it is answered, or is not, the next after a while.
 */
public final class RestSource<R> {

    private static final Logger log = LoggerFactory.getLogger(RestSource.class);

    private static final JsonFormat.Printer JSON =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    public sealed interface Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private record Answered(Fetched fetched) implements Command {}

    private record Taken(Instant told) implements Command {}

    private enum Event implements Command {
        ASK,
        FETCH_TIME_OVER
    }

    /** For inspection. */
    public record State(String cluster, String path, int asked, String version, List<String> refused) {
        public State {
            refused = List.copyOf(refused);
        }
    }

    /** What it works with. */
    public record Asking(
            RestApi api,
            Node node,
            Fetcher fetcher,
            ResponseReader reader,
            HeldResources held,
            RandomGenerator random,
            InstantSource clock) {}

    private final Asking asking;
    private final Watch<R> watch;
    private final String path;
    private final Section held;
    private final SotwType<R> state;
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private DiscoveryRequest request = DiscoveryRequest.getDefaultInstance();
    private Runnable cancel = () -> {};
    private boolean answered;
    private int asked;

    private RestSource(Asking asking, Watch<R> watch, ActorContext<Command> context, TimerScheduler<Command> timers) {
        this.asking = asking;
        this.watch = watch;
        this.path = watch.type().methods().rest();
        this.held = asking.held().section();
        this.state = new SotwType<>(watch.type());
        this.context = context;
        this.timers = timers;
        state.want(watch.name().map(name -> Interest.in(List.of(name))).orElse(Interest.ALL));
    }

    public static <R> Behavior<Command> create(Asking asking, Watch<R> watch) {
        Behavior<Command> source = Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new RestSource<>(asking, watch, context, timers).begin()));
        return Behaviors.supervise(source).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> begin() {
        if (!watch.initialFetchTimeout().isZero()) {
            timers.startSingleTimer(Event.FETCH_TIME_OVER, Event.FETCH_TIME_OVER, watch.initialFetchTimeout());
        }
        ask();
        return Behaviors.receive(Command.class)
                .onMessage(Event.class, event -> {
                    switch (event) {
                        case ASK -> ask();
                        case FETCH_TIME_OVER -> fetchTimeOver();
                    }
                    return Behaviors.same();
                })
                .onMessage(Answered.class, fetched -> {
                    take(fetched.fetched());
                    return Behaviors.same();
                })
                .onMessage(Taken.class, taken -> {
                    watch.stats().took(Duration.between(taken.told(), now()));
                    askLater();
                    return Behaviors.same();
                })
                .onMessage(GetState.class, ask -> {
                    ask.replyTo().tell(state());
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, _ -> {
                    cancel.run();
                    held.end();
                    return Behaviors.same();
                })
                .build();
    }

    private void ask() {
        // Neither is said to a server that keeps no stream: what was wrong with the last answer, and which it was.
        state.next()
                .ifPresent(next -> request = next.toBuilder()
                        .clearErrorDetail()
                        .clearResponseNonce()
                        .setNode(asking.node())
                        .build());
        asked++;
        ActorRef<Command> self = context.getSelf();
        cancel = asking.fetcher().post(asking.api(), path, json(request), fetched -> self.tell(new Answered(fetched)));
    }

    private static ByteBuffer json(DiscoveryRequest request) {
        try {
            return StandardCharsets.UTF_8.encode(JSON.print(request));
        } catch (InvalidProtocolBufferException impossible) { // there is no Any in it that is not known
            throw new IllegalStateException(impossible);
        }
    }

    private void askLater() {
        long delay = asking.api().refreshDelay().toMillis();
        Duration wait = Duration.ofMillis(delay + asking.random().nextLong(Math.max(1, delay)));
        timers.startSingleTimer(Event.ASK, Event.ASK, wait);
    }

    private void take(Fetched fetched) {
        switch (fetched) {
            case Fetched.Answer(int status, var body)
            when status == OK -> read(StandardCharsets.UTF_8.decode(body).toString());
            case Fetched.Answer(int status, var _)
            when status == NOT_MODIFIED -> {
                watch.stats().attempted();
                askLater();
            }
            case Fetched.Answer(int status, var _) -> failed("status " + status);
            case Fetched.Failed(var why) -> failed(why);
        }
    }

    private void failed(String why) {
        log.warn("REST update for {} failed: {}", path, why);
        watch.stats().failed();
        askLater();
    }

    private void read(String body) {
        try {
            apply(state.receive(
                    asking.reader().read(ConfigText.of(path, SourceFormat.JSON, body)),
                    (_, resource) -> watch.objection(resource),
                    now()));
        } catch (InvalidConfigException invalid) {
            log.warn("REST config for {} rejected: {}", path, invalid.getMessage());
            watch.stats().rejected();
            tellNothingCame();
            askLater();
        }
    }

    private void apply(Change<R> change) {
        Instant now = now();
        String typeUrl = watch.type().typeUrl();
        change.applyTo(held, typeUrl, now);
        if (change.refused().isEmpty()) {
            held.version(typeUrl, change.version());
            watch.stats().succeeded(change.version(), now);
        } else {
            log.warn("REST config for {} rejected: {}", path, change.refused());
            watch.stats().rejected();
        }
        held.settled(typeUrl);
        boolean first = !answered;
        answered = true;
        timers.cancel(Event.FETCH_TIME_OVER);
        if (first || !change.isEmpty()) {
            ActorRef<Command> self = context.getSelf();
            watch.tell(new Update.Answered<>(change), () -> self.tell(new Taken(now)));
        } else {
            askLater();
        }
    }

    private void fetchTimeOver() {
        if (!answered) {
            log.warn("REST config: initial fetch timeout for {}", path);
            watch.stats().timedOut();
            tellNothingCame();
        }
    }

    private void tellNothingCame() {
        if (!answered) {
            answered = true;
            timers.cancel(Event.FETCH_TIME_OVER);
            watch.tell(new Update.NothingCame<>());
        }
    }

    private Instant now() {
        return asking.clock().instant();
    }

    private State state() {
        String typeUrl = watch.type().typeUrl();
        return new State(asking.api().cluster(), path, asked, held.version(typeUrl), held.refusals(typeUrl));
    }
}
