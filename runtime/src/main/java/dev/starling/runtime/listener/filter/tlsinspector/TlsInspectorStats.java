package dev.starling.runtime.listener.filter.tlsinspector;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.StatsScope;

/** {@code tls_inspector.}, under Envoy's names. */
record TlsInspectorStats(
        Counter tooLarge,
        Counter tlsFound,
        Counter tlsNotFound,
        Counter alpnFound,
        Counter alpnNotFound,
        Counter sniFound,
        Counter sniNotFound,
        Histogram bytesProcessed) {

    static TlsInspectorStats in(StatsScope scope) {
        return new TlsInspectorStats(
                scope.counter("tls_inspector.client_hello_too_large"),
                scope.counter("tls_inspector.tls_found"),
                scope.counter("tls_inspector.tls_not_found"),
                scope.counter("tls_inspector.alpn_found"),
                scope.counter("tls_inspector.alpn_not_found"),
                scope.counter("tls_inspector.sni_found"),
                scope.counter("tls_inspector.sni_not_found"),
                scope.histogram("tls_inspector.bytes_processed", Histogram.Unit.BYTES));
    }
}
