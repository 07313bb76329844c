package dev.starling.runtime.listener.filter.protocoldetection;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsScope;

/**
 * {@code protocol_detection.}: what connections were found to be.
 *
 * @param silent clients that said nothing for as long as one is waited for
 * @param remembered connections that were not waited at, as their destination's server speaks first
 * @param timeout clients that did not say enough in time
 */
record DetectionStats(
        Counter tls,
        Counter http1,
        Counter http2,
        Counter opaque,
        Counter silent,
        Counter remembered,
        Counter timeout) {

    static DetectionStats in(StatsScope scope) {
        return new DetectionStats(
                scope.counter("protocol_detection.tls"),
                scope.counter("protocol_detection.http1"),
                scope.counter("protocol_detection.http2"),
                scope.counter("protocol_detection.opaque"),
                scope.counter("protocol_detection.silent"),
                scope.counter("protocol_detection.remembered"),
                scope.counter("protocol_detection.timeout"));
    }
}
