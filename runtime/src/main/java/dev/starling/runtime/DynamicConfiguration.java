package dev.starling.runtime;

import dev.starling.config.discovery.GrpcService.Target;
import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.LoadedResource;
import dev.starling.runtime.accesslog.LogServices;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.control.cluster.ClusterPorts;
import dev.starling.runtime.control.discovery.ControlPlaneStats;
import dev.starling.runtime.control.discovery.EndpointLoads;
import dev.starling.runtime.control.discovery.LoadCounters;
import dev.starling.runtime.control.discovery.RelayCounters;
import dev.starling.runtime.control.health.CheckedClusters;
import dev.starling.runtime.control.health.HealthDiscoveryCounters;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Loops;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.tls.TlsHolders;
import dev.starling.runtime.upstream.LoopClusters;
import dev.starling.runtime.upstream.call.ClusterFetcher;
import dev.starling.runtime.upstream.call.ClusterTransport;
import dev.starling.runtime.upstream.call.OwnClusters;
import dev.starling.xds.DiscoveryManager;
import dev.starling.xds.accesslog.LogStream;
import dev.starling.xds.file.FileReader;
import dev.starling.xds.health.HealthDiscovery;
import dev.starling.xds.health.SpecifierReader;
import dev.starling.xds.load.LoadReporter;
import dev.starling.xds.protocol.ResponseReader;
import dev.starling.xds.relay.Relay;
import dev.starling.xds.relay.RelayManager;
import dev.starling.xds.resource.HeldResources;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceTypes;
import dev.starling.xds.stream.NodeMessage;
import dev.starling.xds.transport.Transport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins what control planes and files are read with. */
final class DynamicConfiguration {

    private static final Logger log = LoggerFactory.getLogger(DynamicConfiguration.class);

    /** Also what is still warming is known to routes that ask for it. */
    private static final String CLUSTERS = "type.googleapis.com/envoy.config.cluster.v3.Cluster";

    private DynamicConfiguration() {}

    static ResourceTypes types(
            ServerOptions options, ConfigLoader loader, ClusterTable clusters, HeldResources held, StatsStore stats) {
        return ResourceTypes.readBy(
                loader,
                options.bootstrap().clusters(),
                options.dynamic().unknownFields(),
                name -> clusters.inService(name) || held.held(CLUSTERS, name).isPresent(),
                remarks(stats.scope("server.").counter("dynamic_unknown_fields")));
    }

    static DiscoveryManager.Discovering discovering(
            ServerOptions options,
            ConfigLoader loader,
            ResourceTypes types,
            ClusterTable clusters,
            OwnClusters reached,
            Transport channels,
            TlsHolders files,
            HeldResources held,
            StatsStore stats) {
        Transport transport = transport(reached, channels);
        ResponseReader responses =
                ResponseReader.by(loader.reader(), options.dynamic().unknownFields());
        return new DiscoveryManager.Discovering(
                options.bootstrap().dynamicResources().ads(),
                types,
                options.bootstrap().node(),
                transport,
                new ClusterFetcher(reached),
                responses,
                FileReader.by(responses),
                files::watchFolder,
                held,
                only -> new ControlPlaneStats(stats.scope(statsOf(only, types))),
                options.bootstrap()
                        .dynamicResources()
                        .loadReports()
                        .map(api -> new LoadReporter.Reporting(
                                api.service(),
                                NodeMessage.of(options.bootstrap().node()),
                                transport,
                                new EndpointLoads(clusters),
                                new LoadCounters(stats.scope("load_reporter.")),
                                new Random(options.seed()),
                                options.clock()::nanoTime)),
                new Random(options.seed()),
                options.clock().wall());
    }

    /** @param ports what checks endpoints of clusters checks these */
    static Optional<HealthDiscovery.Discovering> healthDiscovery(
            ServerOptions options, ConfigLoader loader, Transport transport, ClusterPorts ports) {
        return options.bootstrap()
                .dynamicResources()
                .healthChecks()
                .map(api -> new HealthDiscovery.Discovering(
                        api.service(),
                        NodeMessage.of(options.bootstrap().node()),
                        transport,
                        SpecifierReader.by(
                                loader,
                                options.dynamic().unknownFields(),
                                remarks(ports.stats().scope("server.").counter("dynamic_unknown_fields"))),
                        parent -> new CheckedClusters(ports, parent),
                        new HealthDiscoveryCounters(ports.stats().scope("hds_delegate.")),
                        new Random(options.seed())));
    }

    /** Our own requests to clusters are on the first loop, but for access logs. */
    static OwnClusters clusters(Loops loops, List<LoopClusters> byLoop, ClusterTable clusters, StatsStore stats) {
        return clusters(loops.get(0), byLoop, clusters, stats);
    }

    private static OwnClusters clusters(Loop loop, List<LoopClusters> byLoop, ClusterTable clusters, StatsStore stats) {
        return new OwnClusters(
                loop,
                byLoop.get(loop.index()),
                clusters,
                stats.scope("http.async-client.").counter("rq_total"),
                HostAddress.read());
    }

    /** Entries of access logs leave on the loop that has them. */
    static LogServices.Streams logStreams(
            ServerOptions options,
            Transport channels,
            List<LoopClusters> byLoop,
            ClusterTable clusters,
            StatsStore stats) {
        return (service, loop, counted) -> {
            OwnClusters own = clusters(loop, byLoop, clusters, stats);
            return new LogStream(
                    service,
                    NodeMessage.of(options.bootstrap().node()),
                    transport(own, channels),
                    own::onLoop,
                    counted);
        };
    }

    /** Clusters are reached as requests of clients reach them, everything else by channels of the gRPC library. */
    private static Transport transport(OwnClusters clusters, Transport channels) {
        Transport pools = new ClusterTransport(clusters);
        return (service, method, receiver) -> switch (service.target()) {
            case Target.Cluster _ -> pools.open(service, method, receiver);
            case Target.Channel _ -> channels.open(service, method, receiver);
        };
    }

    /** Serves on what is held, but for secrets: whoever needs them is given them by who keeps them. */
    static Relay relay(
            ServerOptions options, ActorSystem<?> system, ResourceTypes types, HeldResources held, StatsStore stats) {
        Map<String, ResourceType<?>> served = new HashMap<>(types.byTypeUrl());
        served.remove(types.secrets().typeUrl());
        ActorRef<RelayManager.Command> manager = system.systemActorOf(
                RelayManager.create(new RelayManager.Relaying(
                        served,
                        held,
                        NodeMessage.of(options.bootstrap().node()),
                        new RelayCounters(stats.scope("xds_relay.")),
                        options.clock().wall())),
                "xds-relay",
                Props.empty());
        return RelayManager.port(manager, served);
    }

    private static Consumer<LoadedResource<?>> remarks(Counter unknownFields) {
        return loaded -> {
            unknownFields.add(loaded.ignoredFields());
            loaded.warnings().forEach(warning -> log.warn("{}", warning));
        };
    }

    private static String statsOf(Optional<ResourceType<?>> only, ResourceTypes types) {
        if (only.isPresent() && only.get() == types.secrets()) {
            return "sds.control_plane.";
        }
        if (only.isPresent() && only.get() == types.clusters()) {
            return "cluster_manager.cds.control_plane.";
        }
        return only.isPresent() && only.get() == types.listeners()
                ? "listener_manager.lds.control_plane."
                : "control_plane.";
    }
}
