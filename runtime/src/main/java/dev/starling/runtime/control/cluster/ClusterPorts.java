package dev.starling.runtime.control.cluster;

import dev.starling.config.Address;
import dev.starling.config.cluster.Cluster;
import dev.starling.healthcheck.active.Prober;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.control.discovery.Resources;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.time.Clock;
import dev.starling.runtime.tls.EndpointSockets;
import dev.starling.runtime.tls.TlsHolders;
import dev.starling.runtime.upstream.dns.NameResolver;
import java.net.SocketAddress;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What the actors of clusters reach of the world.
 *
 * @param table where they publish
 * @param published called after each publication: tells the loops
 * @param addresses never resolves a name
 * @param probers what checks the endpoints of a cluster, through its sockets
 * @param random drawn from by several actors at once
 */
public record ClusterPorts(
        ClusterTable table,
        Runnable published,
        StatsStore stats,
        Function<Address, SocketAddress> addresses,
        NameResolver resolver,
        BiFunction<Cluster, EndpointSockets, Prober> probers,
        Resources resources,
        TlsHolders tls,
        RandomGenerator random,
        Clock clock) {}
