package dev.starling.runtime.control.discovery;

import dev.starling.config.XxHash64;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.stats.TextReadout;
import dev.starling.xds.subscription.SubscriptionStats;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** What is counted of one subscription, under Envoy's names. */
public final class UpdateStats implements SubscriptionStats {

    private final Counter attempt;
    private final Counter success;
    private final Counter failure;
    private final Counter rejected;
    private final Counter initFetchTimeout;
    private final Histogram duration;
    private final Gauge time;
    private final Gauge version;
    private final TextReadout versionText;

    public UpdateStats(StatsScope scope) {
        this.attempt = scope.counter("update_attempt");
        this.success = scope.counter("update_success");
        this.failure = scope.counter("update_failure");
        this.rejected = scope.counter("update_rejected");
        this.initFetchTimeout = scope.counter("init_fetch_timeout");
        this.duration = scope.histogram("update_duration", Histogram.Unit.MILLISECONDS);
        this.time = scope.gauge("update_time");
        this.version = scope.gauge("version");
        this.versionText = scope.textReadout("version_text");
    }

    @Override
    public void attempted() {
        attempt.inc();
    }

    @Override
    public void succeeded(String newVersion, Instant now) {
        success.inc();
        attempt.inc();
        time.set(now.toEpochMilli());
        version.set(XxHash64.hash(newVersion.getBytes(StandardCharsets.UTF_8), 0));
        versionText.set(newVersion);
    }

    @Override
    public void took(Duration period) {
        duration.record(period.toMillis());
    }

    @Override
    public void rejected() {
        rejected.inc();
        attempt.inc();
    }

    @Override
    public void failed() {
        failure.inc();
        attempt.inc();
    }

    @Override
    public void timedOut() {
        initFetchTimeout.inc();
    }
}
