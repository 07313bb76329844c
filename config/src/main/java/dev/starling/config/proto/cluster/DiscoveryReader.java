package dev.starling.config.proto.cluster;

import dev.starling.config.cluster.Cluster.Discovery;
import dev.starling.config.cluster.Cluster.DnsSettings;
import dev.starling.config.cluster.Cluster.LookupFamily;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.discovery.ConfigSourceReader;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads how a cluster finds its endpoints: {@code type}, {@code cluster_type} and the {@code dns_} fields. */
@SuppressWarnings("deprecation") // Envoy still reads its deprecated fields, and so do we
final class DiscoveryReader {

    private static final Duration DEFAULT_DNS_REFRESH_RATE = Duration.ofSeconds(5);
    private static final int FAILURE_MAX_OF_BASE = 10;

    private DiscoveryReader() {}

    /** Null after a problem. */
    static @Nullable Discovery read(Cluster message, ValidationContext context) {
        if (message.hasClusterType()) {
            return AggregateReader.read(message, context.field("cluster_type"));
        }
        return switch (message.getType()) {
            case STATIC -> Discovery.Static.STATIC;
            case STRICT_DNS -> new Discovery.StrictDns(dns(message, context));
            case LOGICAL_DNS -> new Discovery.LogicalDns(dns(message, context));
            case ORIGINAL_DST -> OriginalDstReader.read(message, context);
            case EDS -> eds(message, context);
            case UNRECOGNIZED -> {
                context.field("type").problem("not supported yet: " + message.getType());
                yield null;
            }
        };
    }

    private static @Nullable Discovery eds(Cluster message, ValidationContext context) {
        if (message.hasLoadAssignment()) {
            context.field("load_assignment").problem("must not be set in a cluster of type EDS");
        }
        if (!message.hasEdsClusterConfig()) {
            context.field("eds_cluster_config").problem("cannot create an EDS cluster without an EDS config");
            return null;
        }
        var config = message.getEdsClusterConfig();
        var source = ConfigSourceReader.read(
                config.getEdsConfig(), context.field("eds_cluster_config").field("eds_config"));
        return source == null
                ? null
                : new Discovery.Eds(
                        config.getServiceName().isEmpty() ? message.getName() : config.getServiceName(), source);
    }

    private static DnsSettings dns(Cluster message, ValidationContext context) {
        var refreshRate = DurationReader.readOr(
                DEFAULT_DNS_REFRESH_RATE,
                message.hasDnsRefreshRate(),
                message.getDnsRefreshRate(),
                context.field("dns_refresh_rate"));
        var at = context.field("dns_failure_refresh_rate");
        var failure = message.getDnsFailureRefreshRate();
        var base = message.hasDnsFailureRefreshRate()
                ? Optional.of(DurationReader.read(failure.getBaseInterval(), at.field("base_interval")))
                : Optional.<Duration>empty();
        return new DnsSettings(
                refreshRate,
                base,
                base.map(from -> failureMax(failure, from, at)).orElse(refreshRate),
                DurationReader.read(message.getDnsJitter(), context.field("dns_jitter")),
                message.getRespectDnsTtl(),
                lookupFamily(message, context));
    }

    private static Duration failureMax(Cluster.RefreshRate message, Duration base, ValidationContext context) {
        if (!message.hasMaxInterval()) {
            return base.multipliedBy(FAILURE_MAX_OF_BASE);
        }
        var max = DurationReader.read(message.getMaxInterval(), context.field("max_interval"));
        if (max.compareTo(base) < 0) {
            context.problem(
                    "dns_failure_refresh_rate must have max_interval greater than or equal to the base_interval");
        }
        return max;
    }

    private static LookupFamily lookupFamily(Cluster message, ValidationContext context) {
        return switch (message.getDnsLookupFamily()) {
            case AUTO -> LookupFamily.AUTO;
            case V4_ONLY -> LookupFamily.V4_ONLY;
            case V6_ONLY -> LookupFamily.V6_ONLY;
            case V4_PREFERRED -> LookupFamily.V4_PREFERRED;
            case ALL -> LookupFamily.ALL;
            case UNRECOGNIZED -> {
                context.field("dns_lookup_family").problem("unknown value " + message.getDnsLookupFamilyValue());
                yield LookupFamily.AUTO;
            }
        };
    }
}
