package dev.starling.xds.health;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.discovery.GrpcService;
import dev.starling.config.discovery.GrpcService.Backoff;
import dev.starling.xds.stream.Reconnection;
import dev.starling.xds.transport.Transport;
import dev.starling.xds.transport.Transport.Call;
import dev.starling.xds.transport.Transport.Closed;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.health.v3.HealthCheckRequestOrEndpointHealthResponse;
import io.envoyproxy.envoy.service.health.v3.HealthCheckSpecifier;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one stream to a health discovery service: it says which endpoints are to be checked, and is told how they are (Envoy:
 * {@code HdsDelegate}). What it wants is checked on while there is no stream.
 */
public final class HealthDiscovery {

    private static final Logger log = LoggerFactory.getLogger(HealthDiscovery.class);

    private static final String METHOD = "envoy.service.health.v3.HealthDiscoveryService/StreamHealthCheck";

    /** A server that asks for reports more often gets them so often. */
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);

    /** While more than this has not left, reports are left out: a server that does not read finds the next one later. */
    private static final int MAX_WAITING_BYTES = 1024 * 1024;

    /** Of Envoy, for a service that says nothing of it. */
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    public sealed interface Command {}

    private record Received(int stream, ByteBuffer message) implements Command {}

    private record Ended(int stream, Closed why) implements Command {}

    private enum Event implements Command {
        BEGIN,
        RETRY,
        REPORT
    }

    public record GetState(ActorRef<State> replyTo) implements Command {}

    /**
     * For inspection.
     *
     * @param interval from one report to the next; zero before there is anything to report
     * @param clusters whose endpoints are checked
     */
    public record State(boolean connected, Duration interval, List<? extends Record> clusters) {
        public State {
            clusters = List.copyOf(clusters);
        }
    }

    /**
     * What it works with.
     *
     * @param checking made for the actor, of whom what checks become children
     */
    public record Discovering(
            GrpcService service,
            Node node,
            Transport transport,
            SpecifierReader reader,
            Function<ActorContext<?>, HealthChecking> checking,
            HealthDiscoveryStats stats,
            RandomGenerator random) {}

    private final Discovering discovering;
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Reconnection reconnection;
    private final HealthChecking checking;
    private @Nullable Call call;

    /** The last of this stream that could be used. */
    private @Nullable HealthCheckSpecifier wanted;

    private Duration interval = Duration.ZERO;
    private int streams;

    private HealthDiscovery(Discovering discovering, ActorContext<Command> context, TimerScheduler<Command> timers) {
        this.discovering = discovering;
        this.context = context;
        this.timers = timers;
        Backoff backoff = discovering.service().backoff();
        this.reconnection = new Reconnection(backoff.equals(Backoff.DEFAULT) ? BACKOFF : backoff, discovering.random());
        this.checking = discovering.checking().apply(context);
    }

    /** Waits for {@link #begin}. */
    public static Behavior<Command> create(Discovering discovering) {
        Behavior<Command> discovery = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            HealthDiscovery created = new HealthDiscovery(discovering, context, timers);
            return Behaviors.receiveMessage(command -> {
                created.on(command);
                return Behaviors.same();
            });
        }));
        return Behaviors.supervise(discovery).onFailure(SupervisorStrategy.resume());
    }

    /** To be sent once: the server can be reached. */
    public static Command begin() {
        return Event.BEGIN;
    }

    private void on(Command command) {
        switch (command) {
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
            case Event.BEGIN, Event.RETRY -> open();
            case Event.REPORT -> {
                if (call != null) {
                    report(call);
                }
            }
            case GetState(var replyTo) -> replyTo.tell(new State(call != null, interval, checking.views()));
        }
    }

    private void open() {
        streams++;
        int stream = streams;
        var self = context.getSelf();
        Call opened = discovering
                .transport()
                .open(
                        discovering.service(),
                        METHOD,
                        Transport.Receiver.of(
                                message -> self.tell(new Received(stream, message)),
                                why -> self.tell(new Ended(stream, why))));
        call = opened;
        opened.more();
        send(HealthMessages.request(discovering.node()), opened);
    }

    private void send(HealthCheckRequestOrEndpointHealthResponse message, Call open) {
        open.send(message.toByteString().asReadOnlyByteBuffer());
        discovering.stats().reported();
    }

    private void report(Call open) {
        if (open.waitingBytes() <= MAX_WAITING_BYTES) {
            send(HealthMessages.report(checking.health()), open);
        }
    }

    private void receive(ByteBuffer message, Call open) {
        reconnection.succeeded();
        discovering.stats().requested();
        try {
            HealthCheckSpecifier specifier = HealthCheckSpecifier.parseFrom(message);
            if (!specifier.equals(wanted)) {
                take(specifier);
            }
            open.more();
        } catch (InvalidConfigException invalid) {
            discovering.stats().failed();
            log.warn("unable to use a health check specifier, the one before stays: {}", invalid.getMessage());
            open.more();
        } catch (InvalidProtocolBufferException broken) {
            open.cancel();
            end(Closed.unavailable("a specifier that cannot be decoded: " + broken.getMessage()));
        }
    }

    private void take(HealthCheckSpecifier specifier) throws InvalidConfigException {
        var read = discovering.reader().read(specifier);
        checking.check(read);
        wanted = specifier;
        discovering.stats().updated();
        Duration next = read.interval().compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : read.interval();
        if (!next.equals(interval)) {
            interval = next;
            timers.startTimerWithFixedDelay(Event.REPORT, Event.REPORT, interval);
        }
    }

    private void end(Closed why) {
        call = null;
        wanted = null;
        interval = Duration.ZERO;
        timers.cancel(Event.REPORT);
        discovering.stats().failed();
        Duration wait = reconnection.next();
        log.warn("health discovery stream closed: {}; again in {}", why, wait);
        timers.startSingleTimer(Event.RETRY, Event.RETRY, wait);
    }
}
