package dev.starling.config.proto.http;

import dev.starling.config.discovery.OnDemandClusters;
import dev.starling.config.http.OnDemandConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.discovery.ResourceSetReader;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.OnDemand;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.OnDemandCds;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.PerRouteConfig;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the configuration of the on-demand filter; null after a problem. */
public final class OnDemandReader {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private OnDemandReader() {}

    public static @Nullable OnDemandConfig read(OnDemand message, ValidationContext context) {
        return read(message.hasOdcds(), message.getOdcds(), context.field("odcds"));
    }

    /** What a route has in place of it, be it that no clusters are asked for. */
    public static @Nullable OnDemandConfig readOverride(PerRouteConfig message, ValidationContext context) {
        return read(message.hasOdcds(), message.getOdcds(), context.field("odcds"));
    }

    private static @Nullable OnDemandConfig read(boolean present, OnDemandCds odcds, ValidationContext at) {
        if (!present) {
            return new OnDemandConfig(Optional.empty());
        }
        var timeout =
                DurationReader.readOr(DEFAULT_TIMEOUT, odcds.hasTimeout(), odcds.getTimeout(), at.field("timeout"));
        var clusters = ResourceSetReader.read(
                odcds.hasSource(),
                odcds.getSource(),
                at.field("source"),
                odcds.getResourcesLocator(),
                Cluster.getDescriptor(),
                at.field("resources_locator"));
        return at.failed()
                ? null
                : new OnDemandConfig(clusters.map(set -> new OnDemandClusters(set.source(), set.locator(), timeout)));
    }
}
