package dev.starling.runtime.network.tcpproxy;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsScope;
import java.util.List;

/** The statistics of a TCP proxy, {@code tcp.<stat_prefix>.}, under Envoy's names. */
final class TcpProxyStats {

    private static final List<String> NEVER = List.of(
            "downstream_cx_drain_close",
            "downstream_cx_overload_close",
            "early_data_received_count_total",
            "route_delayed_total");

    final Counter cxTotal;
    final Counter cxNoRoute;
    final Counter rxBytesTotal;
    final Counter txBytesTotal;
    final Gauge txBytesBuffered;
    final Counter pausedReading;
    final Counter resumedReading;
    final Counter idleTimeout;
    final Counter maxDuration;
    final Counter upstreamFlushTotal;
    final Gauge upstreamFlushActive;

    TcpProxyStats(StatsScope scope) {
        cxTotal = scope.counter("downstream_cx_total");
        cxNoRoute = scope.counter("downstream_cx_no_route");
        rxBytesTotal = scope.counter("downstream_cx_rx_bytes_total");
        txBytesTotal = scope.counter("downstream_cx_tx_bytes_total");
        txBytesBuffered = scope.gauge("downstream_cx_tx_bytes_buffered");
        pausedReading = scope.counter("downstream_flow_control_paused_reading_total");
        resumedReading = scope.counter("downstream_flow_control_resumed_reading_total");
        idleTimeout = scope.counter("idle_timeout");
        maxDuration = scope.counter("max_downstream_connection_duration");
        upstreamFlushTotal = scope.counter("upstream_flush_total");
        upstreamFlushActive = scope.gauge("upstream_flush_active");
        scope.gauge("downstream_cx_rx_bytes_buffered"); // nothing waits between two turns
        // What Envoy counts and a dashboard may ask for, of what does not happen here.
        NEVER.forEach(scope::counter);
    }
}
