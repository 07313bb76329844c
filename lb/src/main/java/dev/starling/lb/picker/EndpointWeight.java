package dev.starling.lb.picker;

import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointList;
import dev.starling.lb.EndpointSet;
import java.util.function.ToDoubleFunction;

/**
 * The weight an endpoint has at this moment: what is configured, less for each active request if the policy looks at
 * them, less while it warms up.
 */
final class EndpointWeight implements ToDoubleFunction<Endpoint> {

    private final LiveNumber activeRequestBias;
    private final SlowStartRamp slowStart;

    /** @param activeRequestBias 0: active requests do not matter */
    EndpointWeight(LiveNumber activeRequestBias, SlowStartRamp slowStart) {
        this.activeRequestBias = activeRequestBias;
        this.slowStart = slowStart;
    }

    /** Starts the clock of endpoints that are seen healthy for the first time, or again. */
    void admit(EndpointSet endpoints) {
        slowStart.admit(endpoints);
    }

    /** Whether some endpoint has not its whole weight yet. */
    boolean climbing(EndpointList endpoints) {
        return slowStart.climbing(endpoints);
    }

    @Override
    public double applyAsDouble(Endpoint endpoint) {
        return endpoint.weight() / load(endpoint) * slowStart.factor(endpoint);
    }

    private double load(Endpoint endpoint) {
        double bias = activeRequestBias.now();
        if (bias == 0) {
            return 1;
        }
        double active = endpoint.state().activeRequests() + 1.0;
        return bias == 1 ? active : Math.pow(active, bias);
    }
}
