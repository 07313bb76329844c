package dev.starling.runtime.accesslog;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.stats.StatsStore;

/**
 * What becomes of the entries of all log services: Envoy's {@code access_logs.grpc_access_log.*}.
 *
 * @param written entries of HTTP that there was room for
 * @param dropped entries that there was no room for
 * @param flushed entries that were put on a stream
 * @param flushFailed entries that had to wait because there was no stream, or it took no more; once for each attempt
 */
record LogServiceStats(Counter written, Counter dropped, Counter flushed, Counter flushFailed) {

    static LogServiceStats in(StatsStore store) {
        StatsScope scope = store.scope("access_logs.grpc_access_log.");
        return new LogServiceStats(
                scope.counter("logs_written"),
                scope.counter("logs_dropped"),
                scope.counter("grpc_entries_flushed"),
                scope.counter("grpc_entries_flush_failed"));
    }
}
