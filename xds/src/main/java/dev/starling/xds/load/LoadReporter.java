package dev.starling.xds.load;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.starling.config.discovery.GrpcService;
import dev.starling.xds.stream.Reconnection;
import dev.starling.xds.transport.Transport;
import dev.starling.xds.transport.Transport.Call;
import dev.starling.xds.transport.Transport.Closed;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.load_stats.v3.LoadStatsRequest;
import io.envoyproxy.envoy.service.load_stats.v3.LoadStatsResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one stream to a load reporting service: it says of which clusters it wants to know and how often, and is told so
 * (Envoy: {@code LoadStatsReporter}).
 */
public final class LoadReporter {

    private static final Logger log = LoggerFactory.getLogger(LoadReporter.class);

    private static final String METHOD = "envoy.service.load_stats.v3.LoadReportingService/StreamLoadStats";

    /** Without it a server must name the clusters. */
    private static final String SENDS_ALL = "envoy.lrs.supports_send_all_clusters";

    /** A server that asks for reports more often gets them so often. */
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);

    public sealed interface Command {}

    private record Received(int stream, ByteBuffer message) implements Command {}

    private record Ended(int stream, Closed why) implements Command {}

    private enum Event implements Command {
        RETRY,
        REPORT
    }

    /**
     * What it works with.
     *
     * @param nanoTime a clock that only runs forward
     */
    public record Reporting(
            GrpcService service,
            Node node,
            Transport transport,
            LoadSource source,
            LoadStats stats,
            RandomGenerator random,
            LongSupplier nanoTime) {}

    private final Reporting reporting;
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Reconnection reconnection;
    private final LoadPeriods periods;
    private @Nullable Call call;
    private @Nullable LoadStatsResponse wanted;
    private int streams;

    private LoadReporter(Reporting reporting, ActorContext<Command> context, TimerScheduler<Command> timers) {
        this.reporting = reporting;
        this.context = context;
        this.timers = timers;
        this.reconnection = new Reconnection(reporting.service().backoff(), reporting.random());
        this.periods = new LoadPeriods(reporting.source());
    }

    /** Begins at once. */
    public static Behavior<Command> create(Reporting reporting) {
        Behavior<Command> reporter = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            LoadReporter created = new LoadReporter(reporting, context, timers);
            created.open();
            return Behaviors.receiveMessage(command -> {
                created.on(command);
                return Behaviors.same();
            });
        }));
        return Behaviors.supervise(reporter).onFailure(SupervisorStrategy.resume());
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
            case Event.RETRY -> {
                reporting.stats().retried();
                open();
            }
            case Event.REPORT -> {
                if (call != null) {
                    report(call);
                }
            }
        }
    }

    private void open() {
        streams++;
        int stream = streams;
        var self = context.getSelf();
        Call opened = reporting
                .transport()
                .open(
                        reporting.service(),
                        METHOD,
                        Transport.Receiver.of(
                                message -> self.tell(new Received(stream, message)),
                                why -> self.tell(new Ended(stream, why))));
        call = opened;
        opened.more();
        report(opened);
    }

    private void report(Call open) {
        LoadStatsRequest request = LoadStatsRequest.newBuilder()
                .setNode(reporting.node().toBuilder().addClientFeatures(SENDS_ALL))
                .addAllClusterStats(periods.report(reporting.nanoTime().getAsLong()))
                .build();
        open.send(request.toByteString().asReadOnlyByteBuffer());
        reporting.stats().reported();
        if (wanted != null) {
            begin(wanted);
        }
    }

    private void receive(ByteBuffer message, Call open) {
        reconnection.succeeded();
        try {
            LoadStatsResponse response = LoadStatsResponse.parseFrom(message);
            wanted = response;
            reporting.stats().requested();
            begin(response);
            open.more();
        } catch (InvalidProtocolBufferException broken) {
            open.cancel();
            end(Closed.unavailable("a response that cannot be decoded: " + broken.getMessage()));
        }
    }

    private void begin(LoadStatsResponse response) {
        Collection<String> clusters =
                response.getSendAllClusters() ? reporting.source().clusters() : Set.copyOf(response.getClustersList());
        periods.follow(clusters, reporting.nanoTime().getAsLong());
        var interval = response.getLoadReportingInterval();
        Duration asked = Duration.ofSeconds(interval.getSeconds(), interval.getNanos());
        timers.startSingleTimer(
                Event.REPORT, Event.REPORT, asked.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : asked);
    }

    private void end(Closed why) {
        call = null;
        reporting.stats().failed();
        timers.cancel(Event.REPORT);
        Duration wait = reconnection.next();
        log.warn("load reporter stream closed: {}; again in {}", why, wait);
        timers.startSingleTimer(Event.RETRY, Event.RETRY, wait);
    }
}
