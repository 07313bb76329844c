package dev.starling.healthcheck.outlier;

import dev.starling.config.cluster.OutlierDetection;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The book of one cluster's ejections: decides who is ejected and who comes back; Envoy's {@code DetectorImpl} without its
 * threads and clock. An endpoint is known by the identity of its state, so that one which left and came back is another.
 * One that was never ejected costs its entry among the members, no more.
 */
final class Ejections {

    /** What comes of a crossed threshold. */
    enum Verdict {
        /** As many are ejected as may be. */
        OVERFLOW,
        /** The dice of {@code enforcing_*} spared it. */
        NOT_ENFORCED,
        EJECTED
    }

    private final OutlierDetection settings;
    private final RandomGenerator random;
    private final Map<EndpointState, EjectionHistory> histories = new LinkedHashMap<>();
    private Map<EndpointState, Endpoint> members = Map.of();
    private int active;

    Ejections(OutlierDetection settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
    }

    /** The endpoints of all priorities; who is missing is forgotten, with its history. */
    void members(List<Endpoint> endpoints) {
        var next = HashMap.<EndpointState, Endpoint>newHashMap(endpoints.size());
        endpoints.forEach(endpoint -> next.put(endpoint.state(), endpoint));
        members = next;
        histories.keySet().removeIf(state -> !next.containsKey(state));
        active = (int)
                histories.values().stream().filter(EjectionHistory::ejected).count();
    }

    /** Whether it can be ejected at all: a member, and not ejected already. */
    boolean isCandidate(Endpoint endpoint) {
        return members.containsKey(endpoint.state()) && !isEjected(endpoint);
    }

    /** @param endpoint a candidate */
    Verdict judge(Endpoint endpoint, OutlierKind kind, long nowNanos) {
        if (!mayEjectOneMore()) {
            return Verdict.OVERFLOW;
        }
        if (random.nextInt(100) >= enforcing(kind)) {
            return Verdict.NOT_ENFORCED;
        }
        long jitterMillis = random.nextLong(settings.maxEjectionTimeJitter().toMillis() + 1);
        histories.put(endpoint.state(), history(endpoint).eject(kind, nowNanos, jitterMillis, settings));
        active++;
        return Verdict.EJECTED;
    }

    /** Ends an ejection before its time. Returns whether there was one. */
    boolean readmit(Endpoint endpoint, long nowNanos) {
        if (!isEjected(endpoint)) {
            return false;
        }
        histories.put(endpoint.state(), history(endpoint).readmit(nowNanos));
        active--;
        return true;
    }

    /** Readmits those whose time is over, and brings down the multipliers of those who have been back for a while. */
    List<Endpoint> sweep(long nowNanos) {
        var due = ejected().stream()
                .filter(endpoint -> history(endpoint).isOver(nowNanos, settings))
                .toList();
        due.forEach(endpoint -> readmit(endpoint, nowNanos));
        histories.replaceAll((_, history) -> history.relax(nowNanos, settings));
        return due;
    }

    /** In the order of their first ejections. */
    List<Endpoint> ejected() {
        var ejected = new ArrayList<Endpoint>(active);
        histories.forEach((state, history) -> {
            var endpoint = members.get(state);
            if (history.ejected() && endpoint != null) {
                ejected.add(endpoint);
            }
        });
        return ejected;
    }

    EjectionHistory history(Endpoint endpoint) {
        return histories.getOrDefault(endpoint.state(), EjectionHistory.NONE);
    }

    int size() {
        return members.size();
    }

    int active() {
        return active;
    }

    boolean isEjected(Endpoint endpoint) {
        return history(endpoint).ejected();
    }

    /** Of all priorities together, so that a whole priority may be ejected; and of ten endpoints at 10 %, one. */
    private boolean mayEjectOneMore() {
        double share = 100.0 * (active + 1) / members.size();
        return share <= settings.maxEjectionPercent().value() || (settings.alwaysEjectOneHost() && active == 0);
    }

    private double enforcing(OutlierKind kind) {
        return switch (kind) {
            case CONSECUTIVE_5XX -> settings.consecutive5xx().enforcing().value();
            case CONSECUTIVE_GATEWAY_FAILURE ->
                settings.consecutiveGatewayFailure().enforcing().value();
        };
    }
}
