package dev.starling.runtime.control.discovery;

import dev.starling.config.Extension;
import dev.starling.config.bootstrap.RuntimeResource;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.discovery.ResourceSet;
import dev.starling.config.endpoint.EndpointCollection;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.listener.Listener;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.ScopedRoute;
import dev.starling.config.route.VirtualHost;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.tls.SecretSource;
import dev.starling.xds.Discovery;
import dev.starling.xds.Discovery.Watching;
import dev.starling.xds.resource.ResourceName;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceTypes;
import dev.starling.xds.subscription.Watch;
import dev.starling.xds.subscription.Watch.Subscriber;
import dev.starling.xds.subscription.Watch.Update;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Resources of control planes and files, each counted under the scope of who wants it.
 *
 * @param reachable to be called once, when control planes can be reached; complete when what all else may depend on has
 *     come from them
 * @param secrets of which each is had once, however many use it
 */
public record Resources(
        Discovery discovery, ResourceTypes types, Supplier<CompletionStage<Void>> reachable, SecretSource secrets) {

    public Watching clusters(ResourceSet set, StatsScope scope, Subscriber<Cluster> subscriber) {
        return watch(types.clusters(), set.locator(), set.source(), scope, subscriber);
    }

    public Watching cluster(String name, ConfigSource source, StatsScope scope, Subscriber<Cluster> subscriber) {
        return watch(types.clusters(), Optional.of(name), source, scope, subscriber);
    }

    /** @param objection why a listener cannot be used, if so */
    public Watching listeners(
            ResourceSet set,
            Function<Listener, Optional<String>> objection,
            StatsScope scope,
            Subscriber<Listener> subscriber) {
        return watch(types.listeners(), set.locator(), set.source(), objection, scope, subscriber);
    }

    public Watching endpoints(
            String name, ConfigSource source, StatsScope scope, Subscriber<LoadAssignment> subscriber) {
        return watch(types.endpoints(), Optional.of(name), source, scope, subscriber);
    }

    /** The members of a collection. */
    public Watching localityEndpoints(
            EndpointCollection collection, StatsScope scope, Subscriber<EndpointConfig> subscriber) {
        return watch(types.localityEndpoints(), Optional.of(collection.name()), collection.source(), scope, subscriber);
    }

    public Watching routes(
            String name, ConfigSource source, StatsScope scope, Subscriber<RouteConfiguration> subscriber) {
        return watch(types.routes(), Optional.of(name), source, scope, subscriber);
    }

    public Watching scopes(ResourceSet set, StatsScope scope, Consumer<Update<ScopedRoute>> subscriber) {
        return watch(types.scopes(), set.locator(), set.source(), scope, Subscriber.unawaited(subscriber));
    }

    /** Those of all route configurations of the source. */
    public Watching virtualHosts(ConfigSource source, StatsScope scope, Consumer<Update<VirtualHost>> subscriber) {
        return watch(types.virtualHosts(), Optional.empty(), source, scope, Subscriber.unawaited(subscriber));
    }

    /** One that is asked for: it may bear another name than this. */
    public Watching virtualHost(
            String name, ConfigSource source, StatsScope scope, Consumer<Update<VirtualHost>> subscriber) {
        return watch(types.virtualHosts(), Optional.of(name), source, scope, Subscriber.unawaited(subscriber));
    }

    /** @param objection why it is of no use, if so */
    public Watching extension(
            String name,
            ConfigSource source,
            Function<Extension, Optional<String>> objection,
            StatsScope scope,
            Consumer<Update<Extension>> subscriber) {
        return watch(types.extensions(), Optional.of(name), source, objection, scope, Subscriber.unawaited(subscriber));
    }

    public Watching runtime(
            String name, ConfigSource source, StatsScope scope, Consumer<Update<RuntimeResource>> subscriber) {
        return watch(types.runtime(), Optional.of(name), source, scope, Subscriber.unawaited(subscriber));
    }

    private <R> Watching watch(
            ResourceType<R> type,
            Optional<String> name,
            ConfigSource source,
            StatsScope scope,
            Subscriber<R> subscriber) {
        return watch(type, name, source, _ -> Optional.empty(), scope, subscriber);
    }

    private <R> Watching watch(
            ResourceType<R> type,
            Optional<String> name,
            ConfigSource source,
            Function<R, Optional<String>> objection,
            StatsScope scope,
            Subscriber<R> subscriber) {
        return discovery.watch(
                source,
                new Watch<>(
                        type,
                        name.map(ResourceName::canonical),
                        source.initialFetchTimeout(),
                        objection,
                        new UpdateStats(scope),
                        subscriber));
    }
}
