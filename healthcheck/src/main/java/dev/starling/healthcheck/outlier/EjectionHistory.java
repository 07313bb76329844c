package dev.starling.healthcheck.outlier;

import dev.starling.config.cluster.OutlierDetection;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * One endpoint's ejections so far. Each further one lasts longer, by a multiplier that good behaviour brings down again.
 *
 * @param ejections ever
 * @param multiplier of the base ejection time
 * @param ejectedAtNanos meaningful once there was an ejection
 * @param readmittedAtNanos meaningful once {@code readmitted}
 * @param readmitted whether it ever was
 * @param jitterMillis added to the current or last ejection, so that not all come back at once
 */
record EjectionHistory(
        boolean ejected,
        OutlierKind lastKind,
        int ejections,
        int multiplier,
        long ejectedAtNanos,
        boolean readmitted,
        long readmittedAtNanos,
        long jitterMillis) {

    static final EjectionHistory NONE = new EjectionHistory(false, OutlierKind.CONSECUTIVE_5XX, 0, 0, 0, false, 0, 0);

    EjectionHistory eject(OutlierKind kind, long nowNanos, long newJitterMillis, OutlierDetection settings) {
        long baseMillis = settings.baseEjectionTime().toMillis();
        long maxMillis = settings.maxEjectionTime().toMillis();
        int next = multiplier * baseMillis < maxMillis + baseMillis ? multiplier + 1 : multiplier;
        return new EjectionHistory(
                true, kind, ejections + 1, next, nowNanos, readmitted, readmittedAtNanos, newJitterMillis);
    }

    EjectionHistory readmit(long nowNanos) {
        return new EjectionHistory(
                false, lastKind, ejections, multiplier, ejectedAtNanos, true, nowNanos, jitterMillis);
    }

    /** How long the current ejection lasts in all. */
    long ejectionMillis(OutlierDetection settings) {
        long backedOff = settings.baseEjectionTime().toMillis() * multiplier;
        return Math.min(backedOff, settings.maxEjectionTime().toMillis()) + jitterMillis;
    }

    boolean isOver(long nowNanos, OutlierDetection settings) {
        return ejected && ejectionMillis(settings) <= TimeUnit.NANOSECONDS.toMillis(nowNanos - ejectedAtNanos);
    }

    /** After a sweep: one step down if the endpoint has been back for an interval. */
    EjectionHistory relax(long nowNanos, OutlierDetection settings) {
        boolean settled = !ejected
                && readmitted
                && TimeUnit.NANOSECONDS.toMillis(nowNanos - readmittedAtNanos)
                        >= settings.interval().toMillis();
        return settled && multiplier > 0
                ? new EjectionHistory(
                        false,
                        lastKind,
                        ejections,
                        multiplier - 1,
                        ejectedAtNanos,
                        true,
                        readmittedAtNanos,
                        jitterMillis)
                : this;
    }

    /** Since the action before the last one: what the event log shows. */
    OptionalLong secondsSinceReadmission(long nowNanos) {
        return readmitted
                ? OptionalLong.of(TimeUnit.NANOSECONDS.toSeconds(nowNanos - readmittedAtNanos))
                : OptionalLong.empty();
    }

    OptionalLong secondsSinceEjection(long nowNanos) {
        return ejections > 0
                ? OptionalLong.of(TimeUnit.NANOSECONDS.toSeconds(nowNanos - ejectedAtNanos))
                : OptionalLong.empty();
    }
}
