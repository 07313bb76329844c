package dev.starling.runtime.control.cluster;

import dev.starling.healthcheck.outlier.OutlierKind;
import dev.starling.healthcheck.outlier.OutlierStats;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsScope;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** {@code cluster.<name>.outlier_detection.*}, under Envoy's names, the old ones of consecutive 5xx included. */
final class OutlierCounters implements OutlierStats {

    private final Gauge active;
    private final Counter overflow;
    private final Counter enforcedTotal;
    private final Counter oldTotal;
    private final Counter oldConsecutive5xx;
    private final Map<OutlierKind, Counter> detected = new EnumMap<>(OutlierKind.class);
    private final Map<OutlierKind, Counter> enforced = new EnumMap<>(OutlierKind.class);

    /** @param scope {@code cluster.<name>.outlier_detection.} */
    OutlierCounters(StatsScope scope) {
        active = scope.gauge("ejections_active");
        overflow = scope.counter("ejections_overflow");
        enforcedTotal = scope.counter("ejections_enforced_total");
        oldTotal = scope.counter("ejections_total");
        oldConsecutive5xx = scope.counter("ejections_consecutive_5xx");
        for (OutlierKind kind : OutlierKind.values()) {
            detected.put(kind, scope.counter("ejections_detected_" + kind.statName()));
            enforced.put(kind, scope.counter("ejections_enforced_" + kind.statName()));
        }
    }

    @Override
    public void active(int delta) {
        active.add(delta);
    }

    @Override
    public void detected(OutlierKind kind) {
        of(detected, kind).inc();
        if (kind == OutlierKind.CONSECUTIVE_5XX) {
            oldConsecutive5xx.inc();
        }
    }

    @Override
    public void enforced(OutlierKind kind) {
        enforcedTotal.inc();
        of(enforced, kind).inc();
        countOld(kind);
    }

    @Override
    public void notEnforced(OutlierKind kind) {
        countOld(kind);
    }

    @Override
    public void overflow() {
        overflow.inc();
    }

    private void countOld(OutlierKind kind) {
        if (kind == OutlierKind.CONSECUTIVE_5XX) {
            oldTotal.inc();
        }
    }

    private static Counter of(Map<OutlierKind, Counter> counters, OutlierKind kind) {
        return Objects.requireNonNull(counters.get(kind));
    }
}
