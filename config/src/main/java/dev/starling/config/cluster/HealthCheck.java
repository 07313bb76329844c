package dev.starling.config.cluster;

import dev.starling.config.HeaderMutation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code envoy.config.core.v3.HealthCheck}.
 *
 * @param socketCriteria present: they choose the transport socket in place of the endpoint's metadata
 */
public record HealthCheck(
        Duration timeout,
        Intervals intervals,
        int unhealthyThreshold,
        int healthyThreshold,
        boolean reuseConnection,
        Optional<Map<String, Object>> socketCriteria,
        Probe probe) {

    public HealthCheck {
        socketCriteria = socketCriteria.map(Map::copyOf);
    }

    /**
     * The pause after a check, by what is known of the endpoint.
     *
     * @param jitter upper bound of what is added at random
     * @param jitterPercent of the interval, added at random too
     */
    public record Intervals(
            Duration interval,
            Duration initialJitter,
            Duration jitter,
            int jitterPercent,
            Duration noTraffic,
            Duration noTrafficHealthy,
            Duration unhealthy,
            Duration unhealthyEdge,
            Duration healthyEdge) {}

    /** What is asked of the endpoint. */
    public sealed interface Probe {
        /**
         * @param host empty: the endpoint's health check host name, or else the cluster's name
         * @param expected answers that pass; replaces 200
         * @param retriable answers that count towards the threshold instead of failing at once
         * @param http2 asked over HTTP/2
         */
        record Http(
                String host,
                String path,
                String method,
                List<StatusRange> expected,
                List<StatusRange> retriable,
                List<HeaderMutation> requestHeadersToAdd,
                List<String> requestHeadersToRemove,
                boolean http2)
                implements Probe {
            public Http {
                expected = List.copyOf(expected);
                retriable = List.copyOf(retriable);
                requestHeadersToAdd = List.copyOf(requestHeadersToAdd);
                requestHeadersToRemove = List.copyOf(requestHeadersToRemove);
            }
        }

        /**
         * {@code grpc.health.v1.Health/Check}, over HTTP/2.
         *
         * @param service empty: the server as a whole
         * @param authority empty: the endpoint's health check host name, or else the cluster's name
         */
        record Grpc(String service, String authority, List<HeaderMutation> initialMetadata) implements Probe {
            public Grpc {
                initialMetadata = List.copyOf(initialMetadata);
            }
        }

        /**
         * Bytes over TCP. To be read through duplicates, as the positions are everybody's.
         *
         * @param send may be empty
         * @param receive blocks that must come in their order, whatever is between them; none: a connection is enough
         */
        record Tcp(ByteBuffer send, List<ByteBuffer> receive) implements Probe {
            public Tcp {
                send = send.asReadOnlyBuffer();
                receive = receive.stream().map(ByteBuffer::asReadOnlyBuffer).toList();
            }
        }
    }

    /** Status codes in {@code [start, end)}. */
    public record StatusRange(int start, int end) {
        public boolean contains(int status) {
            return status >= start && status < end;
        }
    }
}
