package dev.starling.runtime.control.health;

import dev.starling.config.Address;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LocalityEndpoints;
import dev.starling.lb.Endpoint;
import dev.starling.xds.health.HealthChecking.ClusterHealth;
import dev.starling.xds.health.HealthChecking.EndpointHealth;
import dev.starling.xds.health.HealthChecking.LocalityHealth;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What is known of the endpoints of one cluster that a specifier names. Immutable, but for what the checks write. */
final class CheckedCluster {

    private final Cluster settings;
    private final Map<CheckedEndpoint.Key, CheckedEndpoint> endpoints;

    private CheckedCluster(Cluster settings, Map<CheckedEndpoint.Key, CheckedEndpoint> endpoints) {
        this.settings = settings;
        this.endpoints = endpoints;
    }

    /** @param addresses never resolves a name */
    static CheckedCluster of(Cluster settings, Function<Address, SocketAddress> addresses) {
        return new CheckedCluster(settings, Map.of()).as(settings, addresses);
    }

    /** What it is now said to be: endpoints that stay keep what is known of them. */
    CheckedCluster as(Cluster next, Function<Address, SocketAddress> addresses) {
        Map<CheckedEndpoint.Key, CheckedEndpoint> members = new HashMap<>();
        for (LocalityEndpoints group : next.loadAssignment().localities()) {
            for (EndpointConfig config : group.endpoints()) {
                members.computeIfAbsent(
                        new CheckedEndpoint.Key(group.locality(), config),
                        key -> endpoints
                                .getOrDefault(key, CheckedEndpoint.of(key.locality(), key.config()))
                                .checkedBy(next.healthChecks().size(), addresses));
            }
        }
        return new CheckedCluster(next, members);
    }

    Cluster settings() {
        return settings;
    }

    /** Whether connections to its endpoints are made as those of the other are. */
    boolean connectsAs(Cluster other) {
        return settings.transportSockets().equals(other.transportSockets())
                && settings.http().equals(other.http());
    }

    /** What each check has to check, in their order. */
    List<CheckedClusterActor.Check> checks() {
        return IntStream.range(0, settings.healthChecks().size())
                .mapToObj(i ->
                        new CheckedClusterActor.Check(settings.healthChecks().get(i), endpoints(i)))
                .toList();
    }

    private List<Endpoint> endpoints(int check) {
        return endpoints.values().stream()
                .map(endpoint -> endpoint.checked().get(check))
                .toList();
    }

    ClusterHealth health() {
        return new ClusterHealth(
                settings.name(),
                settings.loadAssignment().localities().stream()
                        .map(this::health)
                        .toList());
    }

    private LocalityHealth health(LocalityEndpoints group) {
        return new LocalityHealth(
                group.locality(),
                group.endpoints().stream()
                        .map(config -> new EndpointHealth(
                                config.address(), known(group, config).status()))
                        .toList());
    }

    private CheckedEndpoint known(LocalityEndpoints group, EndpointConfig config) {
        return Objects.requireNonNull(endpoints.get(new CheckedEndpoint.Key(group.locality(), config)));
    }
}
