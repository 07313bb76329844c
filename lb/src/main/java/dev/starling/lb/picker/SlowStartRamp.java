package dev.starling.lb.picker;

import dev.starling.config.RuntimeDouble;
import dev.starling.config.cluster.LbPolicy.SlowStart;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointList;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.EndpointState;
import dev.starling.lb.HealthFlag;
import dev.starling.lb.PriorityEndpoints;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/** How much of its weight an endpoint has while it warms up: Envoy's slow start. */
final class SlowStartRamp {

    private static final long FIRST_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final long windowNanos;
    private final LiveNumber aggression;
    private final double floor;
    private final LongSupplier nanoTicker;

    private SlowStartRamp(long windowNanos, LiveNumber aggression, double floor, LongSupplier nanoTicker) {
        this.windowNanos = windowNanos;
        this.aggression = aggression;
        this.floor = floor;
        this.nanoTicker = nanoTicker;
    }

    /** Absent, or with an empty window, every endpoint has its whole weight at once. */
    static SlowStartRamp of(
            Optional<SlowStart> slowStart, ToDoubleFunction<RuntimeDouble> runtime, LongSupplier nanoTicker) {
        return slowStart
                .map(on -> new SlowStartRamp(
                        on.window().toNanos(),
                        new LiveNumber(on.aggression(), runtime, value -> value > 0),
                        on.minWeightPercent() / 100,
                        nanoTicker))
                .orElseGet(() -> none(runtime, nanoTicker));
    }

    /** Every endpoint has its whole weight at once. */
    static SlowStartRamp none(ToDoubleFunction<RuntimeDouble> runtime, LongSupplier nanoTicker) {
        return new SlowStartRamp(0, new LiveNumber(RuntimeDouble.of(1), runtime, _ -> true), 1, nanoTicker);
    }

    private boolean off() {
        return windowNanos == 0;
    }

    /** Starts the clock of endpoints that are seen healthy for the first time, or again. */
    void admit(EndpointSet endpoints) {
        if (off()) {
            return;
        }
        long now = nanoTicker.getAsLong();
        for (PriorityEndpoints priority : endpoints.priorities()) {
            for (Endpoint endpoint : priority.lists().healthy()) {
                // The set may be older than what the health check says now.
                if (HealthFlag.healthy(endpoint.state().healthFlags())) {
                    endpoint.state().beginSlowStart(now);
                }
            }
        }
    }

    /** Whether some endpoint has not its whole weight yet. */
    boolean climbing(EndpointList endpoints) {
        if (off()) {
            return false;
        }
        long now = nanoTicker.getAsLong();
        for (int i = 0; i < endpoints.size(); i++) {
            if (climbing(endpoints.get(i).state(), now)) {
                return true;
            }
        }
        return false;
    }

    private boolean climbing(EndpointState state, long now) {
        long began = state.slowStartBeganNanos();
        return began != Long.MIN_VALUE && now - began < windowNanos && HealthFlag.healthy(state.healthFlags());
    }

    /** Above 0, and 1 once the endpoint is warm. */
    double factor(Endpoint endpoint) {
        if (off()) {
            return 1;
        }
        long now = nanoTicker.getAsLong();
        if (!climbing(endpoint.state(), now)) {
            return 1;
        }
        double age = Math.max(FIRST_STEP_NANOS, now - endpoint.state().slowStartBeganNanos());
        return Math.max(floor, Math.pow(age / windowNanos, 1 / aggression.now()));
    }
}
