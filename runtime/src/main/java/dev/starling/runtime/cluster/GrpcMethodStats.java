package dev.starling.runtime.cluster;

import dev.starling.runtime.grpc.GrpcStatus;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.stats.StatsStripe;
import org.jspecify.annotations.Nullable;

/** Calls of one method, under Envoy's names. A name appears with its first call, as in Envoy. */
public final class GrpcMethodStats {

    /** Statuses that have a name of their own; upstreams may say anything. */
    private static final int STATUSES = 100;

    private final StatsScope scope;
    private final String prefix;

    // Looked up and written without agreement between loops: the scope gives all of them the same counters, and what is
    // reached through these fields is final.
    private final @Nullable Counter[] statuses = new Counter[STATUSES];
    private @Nullable Counter other;
    private @Nullable Counter success;
    private @Nullable Counter failure;
    private @Nullable Counter total;
    private @Nullable Counter requestMessages;
    private @Nullable Counter responseMessages;
    private @Nullable Histogram upstreamTime;

    GrpcMethodStats(StatsScope scope, String prefix) {
        this.scope = scope;
        this.prefix = prefix;
    }

    /**
     * A call has ended. On the stripe's own loop.
     *
     * @param status the value of {@code grpc-status}
     */
    public void completed(StatsStripe stripe, String status) {
        counterOf(status).inc(stripe);
        if (status.equals("0")) {
            Counter counter = success;
            if (counter == null) {
                counter = success = counter("success");
            }
            counter.inc(stripe);
        } else {
            Counter counter = failure;
            if (counter == null) {
                counter = failure = counter("failure");
            }
            counter.inc(stripe);
        }
        Counter all = total;
        if (all == null) {
            all = total = counter("total");
        }
        all.inc(stripe);
    }

    private Counter counterOf(String status) {
        int number = GrpcStatus.parseAny(status);
        if (number < 0 || number >= STATUSES) {
            Counter counter = other;
            if (counter == null) {
                counter = other = counter("other");
            }
            return counter;
        }
        Counter counter = statuses[number];
        if (counter == null) {
            counter = statuses[number] = counter(Integer.toString(number));
        }
        return counter;
    }

    public void requestMessages(StatsStripe stripe, int count) {
        if (count == 0) {
            return;
        }
        Counter counter = requestMessages;
        if (counter == null) {
            counter = requestMessages = counter("request_message_count");
        }
        counter.add(stripe, count);
    }

    public void responseMessages(StatsStripe stripe, int count) {
        if (count == 0) {
            return;
        }
        Counter counter = responseMessages;
        if (counter == null) {
            counter = responseMessages = counter("response_message_count");
        }
        counter.add(stripe, count);
    }

    public void upstreamTime(StatsStripe stripe, long millis) {
        Histogram histogram = upstreamTime;
        if (histogram == null) {
            histogram = upstreamTime = scope.histogram(prefix + "upstream_rq_time", Histogram.Unit.MILLISECONDS);
        }
        histogram.record(stripe, millis);
    }

    private Counter counter(String name) {
        return scope.counter(prefix + name);
    }
}
