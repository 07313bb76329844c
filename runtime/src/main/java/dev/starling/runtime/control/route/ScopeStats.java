package dev.starling.runtime.control.route;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsScope;
import java.time.Instant;

/** {@code http.<prefix>.scoped_rds.<name>.}, under Envoy's names. */
final class ScopeStats {

    private final Gauge all;
    private final Gauge active;
    private final Counter reload;
    private final Gauge reloadTime;

    ScopeStats(StatsScope scope) {
        this.all = scope.gauge("all_scopes");
        this.active = scope.gauge("active_scopes");
        this.reload = scope.counter("config_reload");
        this.reloadTime = scope.gauge("config_reload_time_ms");
        scope.gauge("on_demand_scopes").set(0);
        scopes(0, 0);
    }

    /** @param found how many have their routes from elsewhere */
    void scopes(int count, int found) {
        all.set(count);
        active.set(found);
    }

    void reloaded(Instant at) {
        reload.inc();
        reloadTime.set(at.toEpochMilli());
    }
}
