package dev.starling.config.proto.http;

import dev.starling.config.discovery.OnDemandClusters;
import dev.starling.config.http.OnDemandConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.discovery.ConfigSourceReader;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.OnDemand;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.OnDemandCds;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.PerRouteConfig;
import java.time.Duration;
import java.util.Optional;

/** Reads the configuration of the on-demand filter. */
public final class OnDemandReader {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private OnDemandReader() {}

    public static OnDemandConfig read(OnDemand message, ValidationContext context) {
        return read(message.hasOdcds(), message.getOdcds(), context.field("odcds"));
    }

    /** What a route has in place of it, be it that no clusters are asked for. */
    public static OnDemandConfig readOverride(PerRouteConfig message, ValidationContext context) {
        return read(message.hasOdcds(), message.getOdcds(), context.field("odcds"));
    }

    private static OnDemandConfig read(boolean present, OnDemandCds odcds, ValidationContext at) {
        if (!present) {
            return new OnDemandConfig(Optional.empty());
        }
        var timeout =
                DurationReader.readOr(DEFAULT_TIMEOUT, odcds.hasTimeout(), odcds.getTimeout(), at.field("timeout"));
        return new OnDemandConfig(ConfigSourceReader.readIf(odcds.hasSource(), odcds.getSource(), at.field("source"))
                .map(source -> new OnDemandClusters(source, timeout)));
    }
}
