package dev.starling.runtime.control.route;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsScope;
import java.time.Instant;

/** {@code http.<prefix>.scoped_rds.<name>.}, under Envoy's names. */
final class ScopeStats {

    private final Gauge all;
    private final Gauge active;
    private final Gauge onDemand;
    private final Counter reload;
    private final Gauge reloadTime;

    ScopeStats(StatsScope scope) {
        this.all = scope.gauge("all_scopes");
        this.active = scope.gauge("active_scopes");
        this.reload = scope.counter("config_reload");
        this.reloadTime = scope.gauge("config_reload_time_ms");
        this.onDemand = scope.gauge("on_demand_scopes");
        scopes(0, 0, 0);
    }

    /**
     * @param found how many have their routes from elsewhere
     * @param asked how many have them when they are asked for
     */
    void scopes(int count, int found, int asked) {
        all.set(count);
        active.set(found);
        onDemand.set(asked);
    }

    void reloaded(Instant at) {
        reload.inc();
        reloadTime.set(at.toEpochMilli());
    }
}
