package dev.starling.config.proto.cluster;

import dev.starling.config.cluster.Cluster.Discovery;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads what a cluster of original destinations needs. */
final class OriginalDstReader {

    private static final Duration DEFAULT_CLEANUP_INTERVAL = Duration.ofSeconds(5);
    private static final String DEFAULT_HEADER = "x-envoy-original-dst-host";

    private OriginalDstReader() {}

    static Discovery.OriginalDst read(Cluster message, ValidationContext context) {
        if (message.hasLoadAssignment()) {
            context.field("load_assignment").problem("ORIGINAL_DST clusters must have no load assignment configured");
        }
        var config = message.getOriginalDstLbConfig();
        if (!config.getUseHttpHeader() && !config.getHttpHeaderName().isEmpty()) {
            context.field("original_dst_lb_config")
                    .problem("ORIGINAL_DST cluster: invalid config http_header_name=" + config.getHttpHeaderName()
                            + " and use_http_header is false. Set use_http_header to true if http_header_name is"
                            + " desired.");
        }
        String header = config.getHttpHeaderName().isEmpty()
                ? DEFAULT_HEADER
                : config.getHttpHeaderName().toLowerCase(Locale.ROOT);
        return new Discovery.OriginalDst(
                config.getUseHttpHeader() ? Optional.of(header) : Optional.empty(),
                config.hasUpstreamPortOverride()
                        ? OptionalInt.of(config.getUpstreamPortOverride().getValue())
                        : OptionalInt.empty(),
                DurationReader.readOr(
                        DEFAULT_CLEANUP_INTERVAL,
                        message.hasCleanupInterval(),
                        message.getCleanupInterval(),
                        context.field("cleanup_interval")));
    }
}
