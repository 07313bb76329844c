package dev.starling.config.route;

import dev.starling.config.HeaderMutations;
import dev.starling.config.RuntimeUint32;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code envoy.config.route.v3.RouteAction}: forward to a cluster.
 *
 * @param timeout from the end of the request to the end of the response; zero: none; default 15 s
 * @param idleTimeout absent: the connection manager's stream idle timeout; zero: none
 * @param maxStreamDuration present: the route timeout is not used
 * @param upgrades overrides the connection manager's for the types named
 * @param retryPolicy absent: the virtual host's
 */
public record RouteAction(
        Target target,
        int clusterNotFoundStatus,
        Duration timeout,
        Optional<Duration> idleTimeout,
        Optional<Duration> maxStreamDuration,
        PathRewrite pathRewrite,
        HostRewrite hostRewrite,
        boolean appendXForwardedHost,
        RoutingPriority priority,
        List<UpgradeConfig> upgrades,
        GrpcTimeouts grpcTimeouts,
        Optional<RetryPolicy> retryPolicy)
        implements Route.Action {

    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

    public RouteAction {
        upgrades = List.copyOf(upgrades);
    }

    /** A route that does nothing about deadlines of gRPC, nor about retries. */
    public RouteAction(
            Target target,
            int clusterNotFoundStatus,
            Duration timeout,
            Optional<Duration> idleTimeout,
            Optional<Duration> maxStreamDuration,
            PathRewrite pathRewrite,
            HostRewrite hostRewrite,
            boolean appendXForwardedHost,
            RoutingPriority priority,
            List<UpgradeConfig> upgrades) {
        this(
                target,
                clusterNotFoundStatus,
                timeout,
                idleTimeout,
                maxStreamDuration,
                pathRewrite,
                hostRewrite,
                appendXForwardedHost,
                priority,
                upgrades,
                GrpcTimeouts.NONE,
                Optional.empty());
    }

    /** Which limits of the cluster apply. */
    public enum RoutingPriority {
        DEFAULT,
        HIGH
    }

    /** How the cluster is found. */
    public sealed interface Target {
        record ToCluster(String name) implements Target {}

        /** The value of a request header, lower-case name. */
        record ClusterHeader(String header) implements Target {}

        /**
         * @param totalWeight sum of the weights, from 1
         * @param headerName a request header whose value, an unsigned integer, replaces the random draw; empty for none
         */
        record WeightedClusters(List<WeightedCluster> clusters, long totalWeight, String headerName) implements Target {
            public WeightedClusters {
                clusters = List.copyOf(clusters);
            }
        }
    }

    /**
     * @param hostRewrite empty for none
     * @param filterOverrides by the name of the filter
     */
    public record WeightedCluster(
            String name,
            RuntimeUint32 weight,
            HeaderMutations headers,
            String hostRewrite,
            Map<String, FilterOverride> filterOverrides) {

        public WeightedCluster {
            filterOverrides = Map.copyOf(filterOverrides);
        }
    }

    /** What becomes of the path; the query stays. */
    public sealed interface PathRewrite {
        enum None implements PathRewrite {
            NONE
        }

        /** Replaces what the route's path specifier matched. */
        record Prefix(String replacement) implements PathRewrite {}

        record Regex(com.google.re2j.Pattern pattern, String substitution) implements PathRewrite {}
    }

    /** What becomes of the authority. */
    public sealed interface HostRewrite {
        enum None implements HostRewrite {
            NONE
        }

        record Literal(String host) implements HostRewrite {}

        /** The host name of the chosen endpoint. */
        enum Auto implements HostRewrite {
            AUTO
        }

        /** The value of a request header, if it is there. */
        record Header(String header) implements HostRewrite {}

        record PathRegex(com.google.re2j.Pattern pattern, String substitution) implements HostRewrite {}
    }
}
