package dev.starling.runtime.listener.filter.httpinspector;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsScope;

/** {@code http_inspector.}, under Envoy's names. */
record HttpInspectorStats(Counter http10Found, Counter http11Found, Counter http2Found, Counter httpNotFound) {

    static HttpInspectorStats in(StatsScope scope) {
        return new HttpInspectorStats(
                scope.counter("http_inspector.http10_found"),
                scope.counter("http_inspector.http11_found"),
                scope.counter("http_inspector.http2_found"),
                scope.counter("http_inspector.http_not_found"));
    }
}
