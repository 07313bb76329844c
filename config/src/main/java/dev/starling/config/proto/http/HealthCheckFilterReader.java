package dev.starling.config.proto.http;

import dev.starling.config.Percent;
import dev.starling.config.http.HealthCheckFilterConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.matcher.HeaderMatcherReader;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/** Reads the configuration of the health check filter. */
public final class HealthCheckFilterReader {

    private HealthCheckFilterReader() {}

    /** Null after a problem. */
    public static @Nullable HealthCheckFilterConfig read(HealthCheck message, ValidationContext context) {
        boolean passThrough = message.getPassThroughMode().getValue();
        var cacheTime = DurationReader.read(message.getCacheTime(), context.field("cache_time"));
        if (!passThrough && !cacheTime.isZero()) {
            context.field("cache_time").problem("cache_time_ms must not be set when path_through_mode is disabled");
        }
        var headers = Elements.read(message.getHeadersList(), context, "headers", HeaderMatcherReader::read);
        var minHealthy = new HashMap<String, Percent>();
        message.getClusterMinHealthyPercentagesMap().forEach((cluster, percent) -> {
            if (percent.getValue() >= 0 && percent.getValue() <= 100) {
                minHealthy.put(cluster, new Percent(percent.getValue()));
            } else {
                context.entry("cluster_min_healthy_percentages", cluster)
                        .field("value")
                        .problem("must be from 0 to 100");
            }
        });
        return context.failed() ? null : new HealthCheckFilterConfig(passThrough, cacheTime, minHealthy, headers);
    }
}
