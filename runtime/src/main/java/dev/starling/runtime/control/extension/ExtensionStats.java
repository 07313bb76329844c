package dev.starling.runtime.control.extension;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsScope;

/** What is counted of one configuration beside its subscription, under Envoy's names. */
final class ExtensionStats {

    private final Counter reload;
    private final Counter fail;

    /** @param scope {@code extension_config_discovery.<kind>.<name>.} */
    ExtensionStats(StatsScope scope) {
        this.reload = scope.counter("config_reload");
        this.fail = scope.counter("config_fail");
        // Two that use one name with other types have their own, so they do not get into each other's way.
        scope.counter("config_conflict");
    }

    void reloaded() {
        reload.inc();
    }

    /** It was refused, or is of a type that is not expected. */
    void failed() {
        fail.inc();
    }
}
