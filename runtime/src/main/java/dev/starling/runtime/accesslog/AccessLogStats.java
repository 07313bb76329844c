package dev.starling.runtime.accesslog;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.stats.StatsStore;

/**
 * What becomes of log lines: Envoy's {@code filesystem.*}, and ours for what the ring had no room for.
 *
 * @param dropped lines that no file has seen
 * @param writeBuffered lines that reached a file's buffer
 * @param writeCompleted writes to files
 * @param writeFailed writes that failed, with all the lines in them
 * @param flushedByTimer times that the flush interval was over
 * @param reopenFailed files that could not be opened again and stayed what they were
 * @param writeTotalBuffered bytes in all files' buffers
 */
record AccessLogStats(
        Counter dropped,
        Counter writeBuffered,
        Counter writeCompleted,
        Counter writeFailed,
        Counter flushedByTimer,
        Counter reopenFailed,
        Gauge writeTotalBuffered) {

    static AccessLogStats in(StatsStore store) {
        StatsScope filesystem = store.scope("filesystem.");
        return new AccessLogStats(
                store.scope("starling.access_log.").counter("dropped"),
                filesystem.counter("write_buffered"),
                filesystem.counter("write_completed"),
                filesystem.counter("write_failed"),
                filesystem.counter("flushed_by_timer"),
                filesystem.counter("reopen_failed"),
                filesystem.gauge("write_total_buffered"));
    }
}
