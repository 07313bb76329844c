package dev.starling.config.bootstrap;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.discovery.DynamicResources;
import dev.starling.config.listener.Listener;
import dev.starling.config.tls.StaticSecrets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code envoy.config.bootstrap.v3.Bootstrap}, validated.
 *
 * @param admin absent: no admin server
 * @param runtime later layers win
 * @param statsFlushInterval how often histograms are merged for display
 */
public record Bootstrap(
        Node node,
        Optional<Admin> admin,
        List<Listener> listeners,
        List<Cluster> clusters,
        StaticSecrets secrets,
        DynamicResources dynamicResources,
        List<RuntimeLayer> runtime,
        Duration statsFlushInterval) {

    public Bootstrap {
        listeners = List.copyOf(listeners);
        clusters = List.copyOf(clusters);
        runtime = List.copyOf(runtime);
    }
}
