package dev.starling.runtime.control.cluster;

import dev.starling.config.cluster.Cluster;
import dev.starling.healthcheck.outlier.OutlierDetector;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.lb.EndpointSet;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsScope;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.japi.function.Function;

/**
 * Owns one cluster: publishes its version in service while the next one warms beside it, and swaps the two when that is
 * ready. The endpoints of a version, what discovers them and what ejects them are children; limits and statistics are the
 * cluster's and stay from version to version.
 */
public final class ClusterActor {

    public sealed interface Command {}

    public record Update(Cluster settings, boolean addedViaApi, ActorRef<UpdateResult> replyTo) implements Command {}

    /** The cluster is no more: its traffic ends with the requests in flight. */
    public enum Remove implements Command {
        REMOVE
    }

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private record Reported(int version, EndpointsActor.Report report) implements Command {}

    /**
     * For inspection.
     *
     * @param phase {@code warming}, {@code active} or {@code replacing}
     * @param versions the one in service, then the one that warms
     */
    public record State(
            String cluster,
            String phase,
            List<VersionView> versions,
            ActorRef<CircuitBreakersActor.Command> circuitBreakers) {
        public State {
            versions = List.copyOf(versions);
        }
    }

    /** For inspection: one version and the actors that serve it. */
    public record VersionView(
            int version,
            String contentHash,
            boolean addedViaApi,
            String discovery,
            ActorRef<EndpointsActor.Command> endpoints,
            Optional<ActorRef<OutlierDetector.Command>> outlierDetector,
            Optional<ActorRef<DnsDiscovery.Command>> dnsDiscovery) {}

    private final String name;
    private final ClusterPorts ports;
    private final ClusterManagerStats managerStats;
    private final Consumer<String> warm;
    private final ActorContext<Command> context;
    private final ClusterSlot slot;
    private final StatsScope scope;
    private final Gauge warmingState;
    private final ActorRef<CircuitBreakersActor.Command> circuitBreakers;
    private final ClusterVersionStarter starter;
    private int versions;

    private ClusterActor(
            Update first,
            ClusterPorts ports,
            ClusterManagerStats managerStats,
            Consumer<String> warm,
            ActorContext<Command> context) {
        Cluster settings = first.settings();
        this.name = settings.name();
        this.ports = ports;
        this.managerStats = managerStats;
        this.warm = warm;
        this.context = context;
        this.slot = ports.table().slot(name);
        this.scope = ports.stats().scope("cluster." + settings.statName() + ".");
        this.warmingState = scope.gauge("warming_state");
        ClusterTraffic traffic = new ClusterTraffic(scope, settings.circuitBreakers(), OutlierMonitor.OFF);
        this.circuitBreakers = context.spawn(
                CircuitBreakersActor.create(name, traffic, ports.clock().wall()), "circuit-breakers");
        ActorRef<Command> self = context.getSelf();
        this.starter = new ClusterVersionStarter(
                name,
                ports,
                managerStats,
                traffic,
                scope,
                context,
                (version, report) -> self.tell(new Reported(version, report)));
    }

    /**
     * A cluster that begins to warm.
     *
     * @param warm told the name when it is first in service
     */
    static Behavior<Command> create(
            Update first, ClusterPorts ports, ClusterManagerStats managerStats, Consumer<String> warm) {
        Behavior<Command> owner = Behaviors.setup(context -> {
            ClusterActor cluster = new ClusterActor(first, ports, managerStats, warm, context);
            managerStats.added().inc();
            return cluster.warming(cluster.begin(first));
        });
        return Behaviors.supervise(owner).onFailure(SupervisorStrategy.resume());
    }

    /** The first version is not in service yet: requests are answered as to an unknown cluster. */
    private Behavior<Command> warming(ClusterVersion next) {
        return behavior("warming", List.of(next), command -> switch (command) {
            case Update update -> onUpdateWhileWarming(update, next, Optional.empty());
            case Reported(var version, EndpointsActor.Report.Warm(var endpoints))
            when version == next.number() -> {
                managerStats.active().add(1);
                yield activate(next, endpoints);
            }
            case Reported _ -> Behaviors.same();
            case Remove _ -> {
                retire(next, UpdateResult.Done.SUPERSEDED);
                endWarming();
                yield Behaviors.stopped();
            }
            case GetState _ -> Behaviors.same();
        });
    }

    private Behavior<Command> active(ClusterVersion current) {
        return behavior("active", List.of(current), command -> switch (command) {
            case Update update -> {
                if (current.is(update.settings())) {
                    update.replyTo().tell(UpdateResult.Done.UNCHANGED);
                    yield Behaviors.same();
                }
                managerStats.modified().inc();
                yield replacing(current, begin(update));
            }
            case Reported reported -> onReport(reported, current);
            case Remove _ -> remove(current);
            case GetState _ -> Behaviors.same();
        });
    }

    /** One version serves while the next warms. */
    private Behavior<Command> replacing(ClusterVersion current, ClusterVersion next) {
        return behavior("replacing", List.of(current, next), command -> switch (command) {
            case Update update -> onUpdateWhileWarming(update, next, Optional.of(current));
            case Reported(var version, EndpointsActor.Report.Warm(var endpoints))
            when version == next.number() -> {
                Behavior<Command> replaced = activate(next, endpoints);
                current.stop(context);
                yield replaced;
            }
            case Reported reported -> onReport(reported, current);
            case Remove _ -> {
                retire(next, UpdateResult.Done.SUPERSEDED);
                endWarming();
                yield remove(current);
            }
            case GetState _ -> Behaviors.same();
        });
    }

    private Behavior<Command> onUpdateWhileWarming(
            Update update, ClusterVersion next, Optional<ClusterVersion> current) {
        if (next.is(update.settings())) {
            update.replyTo().tell(UpdateResult.Done.UNCHANGED);
            return Behaviors.same();
        }
        managerStats.modified().inc();
        retire(next, UpdateResult.Done.SUPERSEDED);
        endWarming();
        if (current.isPresent() && current.get().is(update.settings())) {
            update.replyTo().tell(UpdateResult.Done.UNCHANGED);
            return active(current.get());
        }
        ClusterVersion newer = begin(update);
        return current.isPresent() ? replacing(current.get(), newer) : warming(newer);
    }

    private Behavior<Command> onReport(Reported reported, ClusterVersion current) {
        if (reported.version() == current.number()
                && reported.report() instanceof EndpointsActor.Report.Changed(var endpoints)) {
            publish(current, endpoints);
        }
        return Behaviors.same();
    }

    private Behavior<Command> activate(ClusterVersion next, EndpointSet endpoints) {
        publish(next, endpoints);
        circuitBreakers.tell(new CircuitBreakersActor.Limit(next.settings().circuitBreakers()));
        endWarming();
        next.replyTo().tell(UpdateResult.Done.IN_SERVICE);
        warm.accept(name);
        return active(next);
    }

    private Behavior<Command> remove(ClusterVersion current) {
        slot.publish(null);
        ports.published().run();
        managerStats.active().add(-1);
        current.stop(context);
        return Behaviors.stopped();
    }

    private void publish(ClusterVersion version, EndpointSet endpoints) {
        slot.publish(version.snapshot(endpoints));
        ports.published().run();
    }

    private ClusterVersion begin(Update update) {
        managerStats.warming().add(1);
        warmingState.set(1);
        return starter.start(++versions, update);
    }

    private void endWarming() {
        managerStats.warming().add(-1);
        warmingState.set(0);
    }

    private void retire(ClusterVersion version, UpdateResult why) {
        version.replyTo().tell(why);
        version.stop(context);
    }

    private Behavior<Command> behavior(
            String phase, List<ClusterVersion> inUse, Function<Command, Behavior<Command>> onCommand) {
        return Behaviors.receive(Command.class)
                .onMessage(GetState.class, ask -> {
                    ask.replyTo()
                            .tell(new State(
                                    name,
                                    phase,
                                    inUse.stream().map(ClusterVersion::view).toList(),
                                    circuitBreakers));
                    return Behaviors.same();
                })
                .onAnyMessage(onCommand)
                .onSignal(PostStop.class, _ -> {
                    scope.remove();
                    return Behaviors.same();
                })
                .build();
    }
}
