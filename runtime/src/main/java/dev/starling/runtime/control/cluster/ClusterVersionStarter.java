package dev.starling.runtime.control.cluster;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.Cluster.Discovery;
import dev.starling.config.cluster.Cluster.DnsSettings;
import dev.starling.config.cluster.HealthCheck;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.healthcheck.active.HealthCheckEventLog;
import dev.starling.healthcheck.outlier.OutlierDetector;
import dev.starling.healthcheck.outlier.OutlierEventLog;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.lb.EndpointReconciler;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.cluster.OriginalDestinations;
import dev.starling.runtime.control.cluster.ClusterActor.Update;
import dev.starling.runtime.control.cluster.ClusterActor.VersionView;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.tls.EndpointSockets;
import dev.starling.xds.Discovery.Watching;
import dev.starling.xds.subscription.Watch;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Starts the actors that one version of a cluster is made of, and joins them: what discovers its endpoints, what owns and
 * checks them, and what ejects them.
 */
final class ClusterVersionStarter {

    private final String name;
    private final ClusterPorts ports;
    private final ClusterManagerStats managerStats;
    private final ClusterTraffic traffic;
    private final StatsScope scope;
    private final ActorContext<?> children;
    private final BiConsumer<Integer, EndpointsActor.Report> reports;

    /**
     * For one cluster.
     *
     * @param traffic of all its versions
     * @param scope {@code cluster.<name>.}
     * @param children of whom they become children
     * @param reports told what the endpoints of a version report, with the version's number
     */
    ClusterVersionStarter(
            String name,
            ClusterPorts ports,
            ClusterManagerStats managerStats,
            ClusterTraffic traffic,
            StatsScope scope,
            ActorContext<?> children,
            BiConsumer<Integer, EndpointsActor.Report> reports) {
        this.name = name;
        this.ports = ports;
        this.managerStats = managerStats;
        this.traffic = traffic;
        this.scope = scope;
        this.children = children;
        this.reports = reports;
    }

    /** Starts a version; it is warm when its endpoints say so. */
    ClusterVersion start(int number, Update update) {
        Cluster settings = update.settings();
        EndpointSockets sockets = EndpointSockets.of(
                name,
                settings.transportSockets(),
                scope,
                ports.tls(),
                ports.resources().secrets());
        ActorRef<EndpointsActor.Command> endpoints = children.spawn(
                EndpointsActor.create(new EndpointsActor.Owning(
                        name,
                        EndpointReconciler.Settings.of(settings),
                        sockets.ready(),
                        settings.commonLb().updateMergeWindow(),
                        settings.healthChecks().stream()
                                .findFirst()
                                .map(check -> healthChecks(settings, sockets, check)),
                        traffic.stats(),
                        managerStats,
                        ports.clock().nanos(),
                        report -> reports.accept(number, report))),
                "endpoints-" + number);
        Optional<ActorRef<OutlierDetector.Command>> outliers = settings.outlierDetection()
                .map(detection -> children.spawn(
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
        Optional<Destinations> destinations = settings.discovery() instanceof Discovery.OriginalDst config
                ? Optional.of(watchDestinations(config, settings, number, endpoints))
                : Optional.empty();
        Optional<Watching> watching = settings.discovery() instanceof Discovery.Eds eds
                ? Optional.of(watch(eds, endpoints))
                : Optional.empty();
        ClusterTraffic heard = traffic.heardBy(
                        monitor, endpoint -> endpoints.tell(new EndpointsActor.FailedPassively(endpoint)))
                .through(sockets);
        return new ClusterVersion(
                new VersionView(
                        number,
                        Long.toHexString(settings.contentHash()),
                        update.addedViaApi(),
                        text(settings.discovery()),
                        endpoints,
                        outliers,
                        discovery),
                settings,
                destinations.map(Destinations::known).map(heard::towards).orElse(heard),
                destinations.map(Destinations::discovery),
                watching,
                update.replyTo());
    }

    private Optional<ActorRef<DnsDiscovery.Command>> discover(
            Cluster settings, int number, ActorRef<EndpointsActor.Command> endpoints) {
        return switch (settings.discovery()) {
            case Discovery.Static _, Discovery.Aggregate _ -> {
                endpoints.tell(discovered(settings.loadAssignment()));
                yield Optional.empty();
            }
            case Discovery.StrictDns(var dns) -> Optional.of(askNames(settings, dns, false, number, endpoints));
            case Discovery.LogicalDns(var dns) -> Optional.of(askNames(settings, dns, true, number, endpoints));
            case Discovery.OriginalDst _, Discovery.Eds _ -> Optional.empty();
        };
    }

    /** What is refused, or is no more, leaves what was there: an endpoint is not taken away by what may be a mistake. */
    private Watching watch(Discovery.Eds eds, ActorRef<EndpointsActor.Command> endpoints) {
        LocalityCollections collections = new LocalityCollections(
                (collection, told) -> ports.resources()
                        .localityEndpoints(collection, scope.scope("leds."), (update, taken) -> {
                            told.accept(update);
                            endpoints.tell(new EndpointsActor.Seen(taken));
                        }),
                assignment -> endpoints.tell(discovered(assignment)));
        Watching watching = ports.resources().endpoints(eds.serviceName(), eds.source(), scope, (update, taken) -> {
            switch (update) {
                case Watch.Update.Answered<LoadAssignment>(var change)
                when !change.updated().isEmpty() ->
                    collections.assign(change.updated().getFirst().resource());
                case Watch.Update.Answered<LoadAssignment> _, Watch.Update.NothingCame<LoadAssignment> _ ->
                    endpoints.tell(EndpointsActor.NothingDiscovered.NOTHING_DISCOVERED);
            }
            endpoints.tell(new EndpointsActor.Seen(taken));
        });
        return () -> {
            watching.end();
            collections.end();
        };
    }

    private EndpointsActor.Discovered discovered(LoadAssignment assignment) {
        return new EndpointsActor.Discovered(assignment, StaticEndpoints.of(assignment, ports.addresses()), false);
    }

    private record Destinations(OriginalDestinations known, ActorRef<DestinationDiscovery.Command> discovery) {}

    private Destinations watchDestinations(
            Discovery.OriginalDst config, Cluster settings, int number, ActorRef<EndpointsActor.Command> endpoints) {
        AtomicReference<ActorRef<DestinationDiscovery.Command>> watcher = new AtomicReference<>();
        OriginalDestinations known = new OriginalDestinations(
                config, () -> Objects.requireNonNull(watcher.get()).tell(DestinationDiscovery.Command.GROWN));
        ActorRef<DestinationDiscovery.Command> discovery = children.spawn(
                DestinationDiscovery.create(config, settings.loadAssignment(), known, endpoints::tell),
                "destinations-" + number);
        watcher.set(discovery);
        return new Destinations(known, discovery);
    }

    private ActorRef<DnsDiscovery.Command> askNames(
            Cluster settings,
            DnsSettings dns,
            boolean logical,
            int number,
            ActorRef<EndpointsActor.Command> endpoints) {
        return children.spawn(
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

    private EndpointsActor.HealthChecks healthChecks(Cluster settings, EndpointSockets sockets, HealthCheck check) {
        return new EndpointsActor.HealthChecks(
                check,
                ports.probers().apply(settings, sockets),
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
            case Discovery.OriginalDst _ -> "ORIGINAL_DST";
            case Discovery.Eds _ -> "EDS";
            case Discovery.Aggregate(var clusters) -> "AGGREGATE of " + String.join(", ", clusters);
        };
    }
}
