package dev.starling.runtime.listener;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.StatsScope;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The statistics of a listener, {@code listener.<address>.}, under Envoy's names.
 *
 * @param workers by the index of the loop
 */
public record ListenerStats(
        Counter cxTotal,
        Counter cxDestroy,
        Gauge cxActive,
        Histogram cxLengthMs,
        Counter noFilterChainMatch,
        Counter transportSocketConnectTimeout,
        Counter networkConfigMissing,
        List<Worker> workers) {

    /** One loop's part. */
    public record Worker(Counter cxTotal, Gauge cxActive) {}

    public ListenerStats {
        workers = List.copyOf(workers);
    }

    public static ListenerStats in(StatsScope scope, int loops) {
        return new ListenerStats(
                scope.counter("downstream_cx_total"),
                scope.counter("downstream_cx_destroy"),
                scope.gauge("downstream_cx_active"),
                scope.histogram("downstream_cx_length_ms", Histogram.Unit.MILLISECONDS),
                scope.counter("no_filter_chain_match"),
                scope.counter("downstream_cx_transport_socket_connect_timeout"),
                scope.counter("network_extension_config_missing"),
                IntStream.range(0, loops)
                        .mapToObj(loop -> new Worker(
                                scope.counter("worker_" + loop + ".downstream_cx_total"),
                                scope.gauge("worker_" + loop + ".downstream_cx_active")))
                        .toList());
    }
}
