package dev.starling.config.http;

import java.util.Set;

/**
 * {@code envoy.extensions.filters.http.grpc_stats.v3.FilterConfig}.
 *
 * @param upstreamTime whether the time that the upstream took is recorded
 */
public record GrpcStatsConfig(Methods methods, boolean upstreamTime) {

    /** Which methods have statistics of their own; the others share those of their cluster. */
    public sealed interface Methods {

        enum None implements Methods {
            NONE
        }

        /** @param replaceDots {@code a.b.Service} counts as {@code a_b_Service} */
        record All(boolean replaceDots) implements Methods {}

        record Listed(Set<Method> methods) implements Methods {
            public Listed {
                methods = Set.copyOf(methods);
            }
        }
    }

    public record Method(String service, String method) {}
}
