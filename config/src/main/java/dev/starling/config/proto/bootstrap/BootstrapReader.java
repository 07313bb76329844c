package dev.starling.config.proto.bootstrap;

import dev.starling.config.bootstrap.Bootstrap;
import dev.starling.config.cluster.AggregateGraph;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.listener.Listener;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.cluster.ClusterReader;
import dev.starling.config.proto.core.ContentHash;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.listener.ListenerReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.bootstrap.v3.Bootstrap} and checks what holds between its resources. */
public final class BootstrapReader {

    private static final Duration DEFAULT_STATS_FLUSH_INTERVAL = Duration.ofSeconds(5);

    private BootstrapReader() {}

    /** Null after a problem. */
    public static @Nullable Bootstrap read(
            io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap message, ValidationContext context) {
        var resources = context.field("static_resources");
        var clusters = clusters(message.getStaticResources().getClustersList(), resources);
        var listeners = listeners(message.getStaticResources().getListenersList(), resources);
        var node = NodeReader.read(message.getNode());
        var dynamic = DynamicResourcesReader.read(message, node, clusters, context);
        var admin = AdminReader.read(message.getAdmin(), context.field("admin"));
        var runtime = RuntimeReader.read(message, node, clusters, context.field("layered_runtime"));
        var statsFlushInterval = DurationReader.readOr(
                DEFAULT_STATS_FLUSH_INTERVAL,
                message.hasStatsFlushInterval(),
                message.getStatsFlushInterval(),
                context.field("stats_flush_interval"));
        if (message.hasStatsFlushInterval() && message.hasStatsFlushOnAdmin()) {
            context.field("stats_flush_on_admin")
                    .problem("Only one of stats_flush_interval or stats_flush_on_admin should be set!");
        }
        String localCluster = message.getClusterManager().getLocalClusterName();
        if (!localCluster.isEmpty() && !context.knowsCluster(localCluster)) {
            context.field("cluster_manager")
                    .field("local_cluster_name")
                    .problem("local cluster '" + localCluster + "' must be defined");
        }
        return context.failed()
                ? null
                : new Bootstrap(
                        node, admin, listeners, clusters, context.secrets(), dynamic, runtime, statsFlushInterval);
    }

    private static List<Cluster> clusters(
            List<io.envoyproxy.envoy.config.cluster.v3.Cluster> messages, ValidationContext context) {
        var names = new HashSet<String>();
        var read = new ArrayList<Cluster>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            var at = context.field("clusters", i);
            var cluster = ClusterReader.read(message, at);
            if (!names.add(message.getName())) {
                at.field("name").problem("duplicate cluster '" + message.getName() + "'");
            } else if (cluster != null) {
                read.add(cluster);
            }
        }
        checkAggregates(messages, read, context);
        return read;
    }

    private static void checkAggregates(
            List<io.envoyproxy.envoy.config.cluster.v3.Cluster> messages,
            List<Cluster> read,
            ValidationContext context) {
        var graph = new AggregateGraph();
        read.forEach(cluster -> graph.put(cluster.name(), cluster.members()));
        var flaws = graph.refuse(read.stream().map(Cluster::name).toList(), name -> List.of());
        for (int i = 0; i < messages.size(); i++) {
            var flaw = flaws.remove(messages.get(i).getName());
            if (flaw != null) {
                context.field("clusters", i)
                        .field("cluster_type")
                        .field("typed_config")
                        .field("clusters", flaw.member())
                        .problem(flaw.text());
            }
        }
    }

    private static List<Listener> listeners(
            List<io.envoyproxy.envoy.config.listener.v3.Listener> messages, ValidationContext context) {
        var names = new HashSet<String>();
        var addresses = new ListenerAddresses();
        var read = new ArrayList<Listener>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            var at = context.field("listeners", i);
            var listener = ListenerReader.read(message, madeUpName(message, i), at);
            if (!message.getName().isEmpty() && !names.add(message.getName())) {
                at.field("name").problem("duplicate listener '" + message.getName() + "'");
            } else if (listener != null) {
                addresses.add(listener, at.field("address"));
                read.add(listener);
            }
        }
        return read;
    }

    /** Like Envoy's a UUID, but the same one whenever the same configuration is read. */
    private static String madeUpName(io.envoyproxy.envoy.config.listener.v3.Listener message, int index) {
        return new UUID(ContentHash.of(message), index).toString();
    }
}
