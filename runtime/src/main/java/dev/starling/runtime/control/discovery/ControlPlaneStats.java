package dev.starling.runtime.control.discovery;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.stats.TextReadout;
import dev.starling.xds.stream.StreamStats;

/** {@code control_plane.*}, under Envoy's names. */
public final class ControlPlaneStats implements StreamStats {

    private final Gauge connectedState;
    private final Counter rateLimitEnforced;
    private final Gauge pendingRequests;
    private final TextReadout identifier;

    /** @param scope {@code control_plane.} of the server, or of one subscription */
    public ControlPlaneStats(StatsScope scope) {
        this.connectedState = scope.gauge("connected_state");
        this.rateLimitEnforced = scope.counter("rate_limit_enforced");
        this.pendingRequests = scope.gauge("pending_requests");
        this.identifier = scope.textReadout("identifier");
        connectedState.set(0);
    }

    @Override
    public void connected(boolean connected) {
        connectedState.set(connected ? 1 : 0);
    }

    @Override
    public void rateLimited() {
        rateLimitEnforced.inc();
    }

    @Override
    public void pendingRequests(int count) {
        pendingRequests.set(count);
    }

    @Override
    public void identified(String name) {
        identifier.set(name);
    }
}
