package dev.starling.runtime.stats;

import org.jspecify.annotations.Nullable;

/**
 * Counts responses by status code and class under names such as {@code upstream_rq_200}, {@code upstream_rq_2xx} and
 * {@code upstream_rq_completed}. A name appears with its first response, as in Envoy.
 */
public final class CodeStats {

    private static final int FIRST_CODE = 100;
    private static final int CODES = 500;

    private final StatsScope scope;
    private final String prefix;

    // Looked up and written without agreement between loops: the scope gives all of them the same counters, and what is
    // reached through these fields is final.
    private final @Nullable CodeClass[] classes = new CodeClass[CODES / 100];
    private @Nullable Counter completed;
    private @Nullable Counter unknown;

    /** @param prefix what stands before the code, such as {@code upstream_rq_} or {@code canary.upstream_rq_} */
    public CodeStats(StatsScope scope, String prefix) {
        this.scope = scope;
        this.prefix = prefix;
    }

    /** On the stripe's own loop. */
    public void record(StatsStripe stripe, int code) {
        recordCompleted(stripe);
        int at = code - FIRST_CODE;
        if (at < 0 || at >= CODES) {
            unknown(stripe);
            return;
        }
        CodeClass group = classes[at / 100];
        if (group == null) {
            group = classes[at / 100] = new CodeClass(scope.counter(prefix + code / 100 + "xx"), new Counter[100]);
        }
        group.all.inc(stripe);
        Counter exact = group.codes[at % 100];
        if (exact == null) {
            exact = group.codes[at % 100] = scope.counter(prefix + code);
        }
        exact.inc(stripe);
    }

    /** A response whose code nobody is to count. On the stripe's own loop. */
    public void recordCompleted(StatsStripe stripe) {
        Counter all = completed;
        if (all == null) {
            all = completed = scope.counter(prefix + "completed");
        }
        all.inc(stripe);
    }

    private void unknown(StatsStripe stripe) {
        Counter counter = unknown;
        if (counter == null) {
            counter = unknown = scope.counter(prefix + "unknown");
        }
        counter.inc(stripe);
    }

    @SuppressWarnings("ArrayRecordComponent") // filled as codes come; nothing compares classes
    private record CodeClass(Counter all, @Nullable Counter[] codes) {}
}
