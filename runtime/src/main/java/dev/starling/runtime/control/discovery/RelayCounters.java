package dev.starling.runtime.control.discovery;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.xds.relay.RelayStats;

/** {@code xds_relay.*}. */
public final class RelayCounters implements RelayStats {

    private final Gauge streams;
    private final Counter responses;
    private final Counter accepted;
    private final Counter refused;
    private final Counter turnedAway;

    public RelayCounters(StatsScope scope) {
        this.streams = scope.gauge("streams_active");
        this.responses = scope.counter("responses");
        this.accepted = scope.counter("responses_accepted");
        this.refused = scope.counter("responses_refused");
        this.turnedAway = scope.counter("streams_turned_away");
    }

    @Override
    public void clients(int count) {
        streams.set(count);
    }

    @Override
    public void responded() {
        responses.inc();
    }

    @Override
    public void accepted() {
        accepted.inc();
    }

    @Override
    public void refused() {
        refused.inc();
    }

    @Override
    public void turnedAway() {
        turnedAway.inc();
    }
}
