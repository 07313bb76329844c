package dev.starling.runtime.loop;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsScope;

/**
 * What can go wrong on the loops themselves. Not Envoy's names: they stand under {@code starling.loop.}.
 *
 * @param turnFailures exceptions that ended one exchange or connection
 * @param flowRestarts streams that failed and were started again; always a bug
 * @param flushFailures exceptions while flushing; always a bug
 * @param timerFailures exceptions in timers that belong to no exchange; always a bug
 */
record LoopStats(Counter turnFailures, Counter flowRestarts, Counter flushFailures, Counter timerFailures) {

    static LoopStats in(StatsScope scope) {
        return new LoopStats(
                scope.counter("turn_failures"),
                scope.counter("flow_restarts"),
                scope.counter("flush_failures"),
                scope.counter("timer_failures"));
    }
}
