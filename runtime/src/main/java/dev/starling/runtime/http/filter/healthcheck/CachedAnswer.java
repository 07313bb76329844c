package dev.starling.runtime.http.filter.healthcheck;

import java.time.Duration;

/** The upstream's last answer to a health check, kept for a while. Shared by all loops. */
final class CachedAnswer {

    private final long keepNanos;
    private volatile Answer last = new Answer(0, 0, false);

    private record Answer(int status, long atNanos, boolean present) {}

    CachedAnswer(Duration keep) {
        this.keepNanos = keep.toNanos();
    }

    /** The status, or 0 if none is kept or it is too old. */
    int status(long nowNanos) {
        Answer answer = last;
        return answer.present() && nowNanos - answer.atNanos() < keepNanos ? answer.status() : 0;
    }

    void keep(int status, long nowNanos) {
        if (keepNanos > 0) {
            last = new Answer(status, nowNanos, true);
        }
    }
}
