package dev.starling.runtime.control.discovery;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.xds.load.LoadStats;

/** {@code load_reporter.*}, under Envoy's names. */
public final class LoadCounters implements LoadStats {

    private final Counter requests;
    private final Counter responses;
    private final Counter errors;
    private final Counter retries;

    public LoadCounters(StatsScope scope) {
        this.requests = scope.counter("requests");
        this.responses = scope.counter("responses");
        this.errors = scope.counter("errors");
        this.retries = scope.counter("retries");
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
    public void retried() {
        retries.inc();
    }
}
