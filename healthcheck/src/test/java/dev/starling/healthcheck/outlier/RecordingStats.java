package dev.starling.healthcheck.outlier;

import java.util.Map;
import java.util.TreeMap;

/** Keeps the counters by Envoy's names, those that are not zero. */
final class RecordingStats implements OutlierStats {

    private final Map<String, Integer> values = new TreeMap<>();

    @Override
    public void active(int delta) {
        add("active", delta);
    }

    @Override
    public void detected(OutlierKind kind) {
        add("detected_" + kind.statName(), 1);
    }

    @Override
    public void enforced(OutlierKind kind) {
        add("enforced_" + kind.statName(), 1);
    }

    @Override
    public void notEnforced(OutlierKind kind) {
        add("not_enforced_" + kind.statName(), 1);
    }

    @Override
    public void overflow() {
        add("overflow", 1);
    }

    synchronized Map<String, Integer> values() {
        return Map.copyOf(values);
    }

    private synchronized void add(String name, int delta) {
        values.merge(name, delta, (a, b) -> a + b == 0 ? null : a + b);
    }
}
