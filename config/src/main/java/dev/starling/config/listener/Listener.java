package dev.starling.config.listener;

import dev.starling.config.Address;
import dev.starling.config.ByteCount;
import dev.starling.config.accesslog.AccessLog;
import java.util.List;
import java.util.Optional;

/**
 * {@code envoy.config.listener.v3.Listener}, validated.
 *
 * @param name unique; made up where the configuration gives none
 * @param addresses the first is the listener's own, the rest are additional
 * @param statPrefix the part after {@code listener.} in stats
 * @param tcpBacklog connections that wait to be accepted; 0 for the most that the system allows
 * @param useOriginalDst hands a connection to the listener of the address it was first sent to, if there is one
 * @param quic present: HTTP/3 on UDP, with one filter chain
 * @param contentHash of the resource as received
 * @param hashWithoutFilterChains of everything but the filter chains: equal means a change can be made in place
 */
public record Listener(
        String name,
        List<Address> addresses,
        String statPrefix,
        List<FilterChain> filterChains,
        Optional<FilterChain> defaultFilterChain,
        List<AccessLog> accessLogs,
        ByteCount perConnectionBufferLimit,
        int tcpBacklog,
        boolean bindToPort,
        boolean reusePort,
        TrafficDirection trafficDirection,
        boolean drainOnHealthCheckFail,
        ListenerFilterChain listenerFilters,
        boolean useOriginalDst,
        Optional<QuicOptions> quic,
        long contentHash,
        long hashWithoutFilterChains) {

    public Listener {
        addresses = List.copyOf(addresses);
        filterChains = List.copyOf(filterChains);
        accessLogs = List.copyOf(accessLogs);
    }

    /** Which side of the workload a listener serves. */
    public enum TrafficDirection {
        UNSPECIFIED,
        INBOUND,
        OUTBOUND
    }
}
