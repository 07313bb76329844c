package dev.starling.runtime.control.cluster;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.Cluster.Discovery;
import dev.starling.config.cluster.Cluster.DnsSettings;
import dev.starling.config.cluster.HealthCheck;
import dev.starling.healthcheck.active.HealthCheckEventLog;
import dev.starling.healthcheck.outlier.OutlierDetector;
import dev.starling.healthcheck.outlier.OutlierEventLog;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.lb.EndpointReconciler;
import dev.starling.lb.EndpointSet;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.cluster.ClusterSnapshot;
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

    private record Version(VersionView view, Cluster settings, ClusterTraffic traffic, ActorRef<UpdateResult> replyTo) {

        boolean is(Cluster other) {
            return settings.contentHash() == other.contentHash();
        }

        int number() {
            return view.version();
        }
    }

    private final String name;
    private final ClusterPorts ports;
    private final ClusterManagerStats managerStats;
    private final Consumer<String> warm;
    private final ActorContext<Command> context;
    private final ClusterSlot slot;
    private final StatsScope scope;
    private final Gauge warmingState;
    private final ClusterTraffic traffic;
    private final ActorRef<CircuitBreakersActor.Command> circuitBreakers;
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
        this.traffic = new ClusterTraffic(scope, settings.circuitBreakers(), OutlierMonitor.OFF);
        this.circuitBreakers = context.spawn(
                CircuitBreakersActor.create(name, traffic, ports.clock().wall()), "circuit-breakers");
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
    private Behavior<Command> warming(Version next) {
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

    private Behavior<Command> active(Version current) {
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
    private Behavior<Command> replacing(Version current, Version next) {
        return behavior("replacing", List.of(current, next), command -> switch (command) {
            case Update update -> onUpdateWhileWarming(update, next, Optional.of(current));
            case Reported(var version, EndpointsActor.Report.Warm(var endpoints))
            when version == next.number() -> {
                Behavior<Command> replaced = activate(next, endpoints);
                stop(current);
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

    private Behavior<Command> onUpdateWhileWarming(Update update, Version next, Optional<Version> current) {
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
        Version newer = begin(update);
        return current.isPresent() ? replacing(current.get(), newer) : warming(newer);
    }

    private Behavior<Command> onReport(Reported reported, Version current) {
        if (reported.version() == current.number()
                && reported.report() instanceof EndpointsActor.Report.Changed(var endpoints)) {
            publish(current, endpoints);
        }
        return Behaviors.same();
    }

    private Behavior<Command> activate(Version next, EndpointSet endpoints) {
        publish(next, endpoints);
        circuitBreakers.tell(new CircuitBreakersActor.Limit(next.settings().circuitBreakers()));
        endWarming();
        next.replyTo().tell(UpdateResult.Done.IN_SERVICE);
        warm.accept(name);
        return active(next);
    }

    private Behavior<Command> remove(Version current) {
        slot.publish(null);
        ports.published().run();
        managerStats.active().add(-1);
        stop(current);
        return Behaviors.stopped();
    }

    private void publish(Version version, EndpointSet endpoints) {
        slot.publish(new ClusterSnapshot(
                version.settings(), endpoints, version.traffic(), version.view().addedViaApi()));
        ports.published().run();
    }

    /** Starts a version's actors. */
    private Version begin(Update update) {
        Cluster settings = update.settings();
        int number = ++versions;
        managerStats.warming().add(1);
        warmingState.set(1);
        ActorRef<Command> self = context.getSelf();
        ActorRef<EndpointsActor.Command> endpoints = context.spawn(
                EndpointsActor.create(new EndpointsActor.Owning(
                        name,
                        EndpointReconciler.Settings.of(settings),
                        settings.commonLb().updateMergeWindow(),
                        settings.healthChecks().stream().findFirst().map(check -> healthChecks(settings, check)),
                        traffic.stats(),
                        managerStats,
                        ports.clock().nanos(),
                        report -> self.tell(new Reported(number, report)))),
                "endpoints-" + number);
        Optional<ActorRef<OutlierDetector.Command>> outliers = settings.outlierDetection()
                .map(detection -> context.spawn(
                        OutlierDetector.create(
                                new OutlierDetector.Detecting(
                                        name,
                                        detection,
                                        ports.random(),
                                        ports.clock().nanos(),
                                        ports.clock().wall(),
                                        new OutlierCounters(scope.scope("outlier_detection.")),
                                        OutlierEventLog.NONE,
                                        changed -> endpoints.tell(new EndpointsActor.HealthChanged(changed))),
                                List.of()),
                        "outlier-detector-" + number));
        OutlierMonitor monitor = outliers.map(detector -> OutlierMonitor.of(
                        settings.outlierDetection().orElseThrow(),
                        (endpoint, kind) -> detector.tell(new OutlierDetector.Crossed(endpoint, kind))))
                .orElse(OutlierMonitor.OFF);
        endpoints.tell(new EndpointsActor.Begin(
                outliers, settings.waitForWarmOnInit() || settings.discovery() == Discovery.Static.STATIC));
        Optional<ActorRef<DnsDiscovery.Command>> discovery = discover(settings, number, endpoints);
        return new Version(
                new VersionView(
                        number,
                        Long.toHexString(settings.contentHash()),
                        update.addedViaApi(),
                        text(settings.discovery()),
                        endpoints,
                        outliers,
                        discovery),
                settings,
                traffic.heardBy(monitor, endpoint -> endpoints.tell(new EndpointsActor.FailedPassively(endpoint))),
                update.replyTo());
    }

    private Optional<ActorRef<DnsDiscovery.Command>> discover(
            Cluster settings, int number, ActorRef<EndpointsActor.Command> endpoints) {
        return switch (settings.discovery()) {
            case Discovery.Static _ -> {
                endpoints.tell(new EndpointsActor.Discovered(
                        settings.loadAssignment(),
                        StaticEndpoints.of(settings.loadAssignment(), ports.addresses()),
                        false));
                yield Optional.empty();
            }
            case Discovery.StrictDns(var dns) -> Optional.of(askNames(settings, dns, false, number, endpoints));
            case Discovery.LogicalDns(var dns) -> Optional.of(askNames(settings, dns, true, number, endpoints));
        };
    }

    private ActorRef<DnsDiscovery.Command> askNames(
            Cluster settings,
            DnsSettings dns,
            boolean logical,
            int number,
            ActorRef<EndpointsActor.Command> endpoints) {
        return context.spawn(
                DnsDiscovery.create(new DnsDiscovery.Discovering(
                        name,
                        settings.loadAssignment(),
                        dns,
                        logical,
                        ports.resolver(),
                        ports.random(),
                        traffic.stats(),
                        endpoints::tell)),
                "dns-discovery-" + number);
    }

    private EndpointsActor.HealthChecks healthChecks(Cluster settings, HealthCheck check) {
        return new EndpointsActor.HealthChecks(
                check,
                ports.probers().apply(settings),
                ports.random(),
                ports.clock().wall(),
                () -> traffic.stats().cxTotal.used(),
                new HealthCheckCounters(scope.scope("health_check.")),
                HealthCheckEventLog.NONE);
    }

    private static String text(Discovery discovery) {
        return switch (discovery) {
            case Discovery.Static _ -> "STATIC";
            case Discovery.StrictDns _ -> "STRICT_DNS";
            case Discovery.LogicalDns _ -> "LOGICAL_DNS";
        };
    }

    private void endWarming() {
        managerStats.warming().add(-1);
        warmingState.set(0);
    }

    private void retire(Version version, UpdateResult why) {
        version.replyTo().tell(why);
        stop(version);
    }

    private void stop(Version version) {
        version.view().dnsDiscovery().ifPresent(context::stop);
        version.view().outlierDetector().ifPresent(context::stop);
        context.stop(version.view().endpoints());
    }

    private Behavior<Command> behavior(
            String phase, List<Version> inUse, Function<Command, Behavior<Command>> onCommand) {
        return Behaviors.receive(Command.class)
                .onMessage(GetState.class, ask -> {
                    ask.replyTo()
                            .tell(new State(
                                    name,
                                    phase,
                                    inUse.stream().map(Version::view).toList(),
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
