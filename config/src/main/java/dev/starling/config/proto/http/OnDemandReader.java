package dev.starling.config.proto.http;

import dev.starling.config.discovery.OnDemandClusters;
import dev.starling.config.http.OnDemandConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.discovery.ConfigSourceReader;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.OnDemand;
import java.time.Duration;
import java.util.Optional;

/** Reads the configuration of the on-demand filter. */
public final class OnDemandReader {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private OnDemandReader() {}

    public static OnDemandConfig read(OnDemand message, ValidationContext context) {
        if (!message.hasOdcds()) {
            return new OnDemandConfig(Optional.empty());
        }
        var odcds = message.getOdcds();
        var at = context.field("odcds");
        var timeout =
                DurationReader.readOr(DEFAULT_TIMEOUT, odcds.hasTimeout(), odcds.getTimeout(), at.field("timeout"));
        return new OnDemandConfig(ConfigSourceReader.readIf(odcds.hasSource(), odcds.getSource(), at.field("source"))
                .map(source -> new OnDemandClusters(source, timeout)));
    }
}
