package dev.starling.runtime.listener.filter;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsScope;

/** What {@code listener.<address>.} counts of connections before they reach a filter chain, under Envoy's names. */
public record InspectionStats(Gauge active, Counter timeout, Counter remoteClose, Counter error, Counter missing) {

    public static InspectionStats in(StatsScope scope) {
        return new InspectionStats(
                scope.gauge("downstream_pre_cx_active"),
                scope.counter("downstream_pre_cx_timeout"),
                scope.counter("downstream_listener_filter_remote_close"),
                scope.counter("downstream_listener_filter_error"),
                scope.counter("extension_config_missing"));
    }
}
