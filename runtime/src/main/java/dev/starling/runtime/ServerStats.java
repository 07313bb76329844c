package dev.starling.runtime;

import dev.starling.runtime.ServerState.Phase;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.time.Clock;
import dev.starling.runtime.tls.TlsHolders;
import java.util.concurrent.TimeUnit;

/** {@code server.*}, under Envoy's names; those that are not counted as things happen are looked at with each flush. */
final class ServerStats {

    /** Envoy's largest number of days: no certificate expires. */
    private static final long NEVER = 0xFFFF_FFFFL;

    private final Clock clock;
    private final long startedNanos;
    private final ServerState state;
    private final Gauge connections;
    private final Gauge uptime;
    private final Gauge live;
    private final Gauge phase;
    private final Gauge memoryAllocated;
    private final Gauge memoryHeapSize;
    private final Histogram initializationTime;
    private final Gauge daysUntilFirstCertificateExpires;
    private final TlsHolders tls;

    /** @param scope {@code server.} */
    ServerStats(StatsScope scope, int concurrency, ServerState state, TlsHolders tls, Clock clock) {
        this.clock = clock;
        this.startedNanos = clock.nanoTime();
        this.state = state;
        this.tls = tls;
        this.connections = scope.gauge("total_connections");
        this.uptime = scope.gauge("uptime");
        this.live = scope.gauge("live");
        this.phase = scope.gauge("state");
        this.memoryAllocated = scope.gauge("memory_allocated");
        this.memoryHeapSize = scope.gauge("memory_heap_size");
        this.initializationTime = scope.histogram("initialization_time_ms", Histogram.Unit.MILLISECONDS);
        scope.gauge("concurrency").set(concurrency);
        scope.gauge("hot_restart_epoch").set(0);
        scope.gauge("parent_connections").set(0);
        this.daysUntilFirstCertificateExpires = scope.gauge("days_until_first_cert_expiring");
        scope.gauge("seconds_until_first_ocsp_response_expiring");
        flush();
    }

    Gauge connections() {
        return connections;
    }

    /** The server has come up. */
    void started(Loop loop) {
        long millis = TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - startedNanos);
        loop.run(() -> initializationTime.record(loop.stats(), millis));
        flush();
    }

    void flush() {
        uptime.set(TimeUnit.NANOSECONDS.toSeconds(clock.nanoTime() - startedNanos));
        Phase now = state.phase();
        live.set(now == Phase.LIVE ? 1 : 0);
        phase.set(
                switch (now) {
                    case LIVE -> 0;
                    case DRAINING -> 1;
                    case PRE_INITIALIZING -> 2;
                    case INITIALIZING -> 3;
                });
        daysUntilFirstCertificateExpires.set(tls.daysUntilFirstExpires().orElse(NEVER));
        Runtime jvm = Runtime.getRuntime();
        memoryAllocated.set(jvm.totalMemory() - jvm.freeMemory());
        memoryHeapSize.set(jvm.totalMemory());
    }
}
