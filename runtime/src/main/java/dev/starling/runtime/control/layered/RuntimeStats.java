package dev.starling.runtime.control.layered;

import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsScope;

/** {@code runtime.*}, under Envoy's names. */
final class RuntimeStats {

    private final Counter loadSuccess;
    private final Counter loadError;
    private final Counter overrideDirExists;
    private final Counter overrideDirNotExists;
    private final Gauge adminOverridesActive;
    private final Gauge keys;
    private final Gauge layers;

    /** @param scope {@code runtime.} */
    RuntimeStats(StatsScope scope) {
        this.loadSuccess = scope.counter("load_success");
        this.loadError = scope.counter("load_error");
        this.overrideDirExists = scope.counter("override_dir_exists");
        this.overrideDirNotExists = scope.counter("override_dir_not_exists");
        this.adminOverridesActive = scope.gauge("admin_overrides_active");
        this.keys = scope.gauge("num_keys");
        this.layers = scope.gauge("num_layers");
        // No field is so deprecated that the runtime would have to allow it.
        scope.counter("deprecated_feature_use");
        scope.gauge("deprecated_feature_seen_since_process_start").set(0);
        adminOverridesActive.set(0);
    }

    /**
     * @param whole whether all folders could be read
     * @param folders that are there
     */
    void loaded(RuntimeSnapshot snapshot, boolean whole, int folders) {
        (whole ? loadSuccess : loadError).inc();
        // Envoy takes the second folder for one that overrides the first.
        (folders > 1 ? overrideDirExists : overrideDirNotExists).inc();
        keys.set(snapshot.keys());
        layers.set(snapshot.layers().size());
    }

    void overridden(boolean active) {
        adminOverridesActive.set(active ? 1 : 0);
    }
}
