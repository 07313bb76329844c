package dev.starling.runtime.control.health;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.xds.health.HealthDiscoveryStats;

/** {@code hds_delegate.*}, under Envoy's names. */
public final class HealthDiscoveryCounters implements HealthDiscoveryStats {

    private final Counter requests;
    private final Counter responses;
    private final Counter errors;
    private final Counter updates;

    /** @param scope {@code hds_delegate.} */
    public HealthDiscoveryCounters(StatsScope scope) {
        this.requests = scope.counter("requests");
        this.responses = scope.counter("responses");
        this.errors = scope.counter("errors");
        this.updates = scope.counter("updates");
    }

    @Override
    public void requested() {
        requests.inc();
    }

    @Override
    public void reported() {
        responses.inc();
    }

    @Override
    public void failed() {
        errors.inc();
    }

    @Override
    public void updated() {
        updates.inc();
    }
}
