package dev.starling.runtime.control.discovery;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.listener.Listener;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.xds.Discovery;
import dev.starling.xds.Discovery.Watching;
import dev.starling.xds.resource.ResourceName;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceTypes;
import dev.starling.xds.subscription.Watch;
import dev.starling.xds.subscription.Watch.Subscriber;
import java.util.Optional;

/**
 * Resources of control planes and files, each counted under the scope of who wants it.
 *
 * @param reachable to be run once, when control planes can be reached
 */
public record Resources(Discovery discovery, ResourceTypes types, Runnable reachable) {

    public Watching clusters(ConfigSource source, StatsScope scope, Subscriber<Cluster> subscriber) {
        return watch(types.clusters(), Optional.empty(), source, scope, subscriber);
    }

    public Watching listeners(ConfigSource source, StatsScope scope, Subscriber<Listener> subscriber) {
        return watch(types.listeners(), Optional.empty(), source, scope, subscriber);
    }

    public Watching endpoints(
            String name, ConfigSource source, StatsScope scope, Subscriber<LoadAssignment> subscriber) {
        return watch(types.endpoints(), Optional.of(name), source, scope, subscriber);
    }

    public Watching routes(
            String name, ConfigSource source, StatsScope scope, Subscriber<RouteConfiguration> subscriber) {
        return watch(types.routes(), Optional.of(name), source, scope, subscriber);
    }

    private <R> Watching watch(
            ResourceType<R> type,
            Optional<String> name,
            ConfigSource source,
            StatsScope scope,
            Subscriber<R> subscriber) {
        return discovery.watch(
                source,
                new Watch<>(
                        type,
                        name.map(ResourceName::canonical),
                        source.initialFetchTimeout(),
                        new UpdateStats(scope),
                        subscriber));
    }
}
