package dev.starling.runtime.listener;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.StatsScope;

/** The statistics of a listener, {@code listener.<address>.}, under Envoy's names. */
public record ListenerStats(
        Counter cxTotal,
        Counter cxDestroy,
        Gauge cxActive,
        Histogram cxLengthMs,
        Counter noFilterChainMatch,
        Counter transportSocketConnectTimeout,
        Counter networkConfigMissing) {

    public static ListenerStats in(StatsScope scope) {
        return new ListenerStats(
                scope.counter("downstream_cx_total"),
                scope.counter("downstream_cx_destroy"),
                scope.gauge("downstream_cx_active"),
                scope.histogram("downstream_cx_length_ms", Histogram.Unit.MILLISECONDS),
                scope.counter("no_filter_chain_match"),
                scope.counter("downstream_cx_transport_socket_connect_timeout"),
                scope.counter("network_extension_config_missing"));
    }
}
