package dev.starling.runtime.control.health;

import dev.starling.config.Address;
import dev.starling.config.Locality;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointState;
import dev.starling.lb.HealthFlag;
import dev.starling.xds.health.HealthChecking.Status;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * An endpoint with what each check of its cluster has found of it. The checks know nothing of each other, so each writes a
 * state of its own.
 *
 * @param checked one for each check, in their order
 */
record CheckedEndpoint(Locality locality, EndpointConfig config, List<Endpoint> checked) {

    CheckedEndpoint {
        checked = List.copyOf(checked);
    }

    /** What makes it the same from one specifier to the next. */
    record Key(Locality locality, EndpointConfig config) {}

    /** One that has passed no check yet. */
    static CheckedEndpoint of(Locality locality, EndpointConfig config) {
        return new CheckedEndpoint(locality, config, List.of());
    }

    /**
     * The same with so many checks: what those before have found stays, also if they ask something else from now on.
     *
     * @param addresses never resolves a name
     */
    CheckedEndpoint checkedBy(int checks, Function<Address, SocketAddress> addresses) {
        List<Endpoint> endpoints = new ArrayList<>(checked.subList(0, Math.min(checks, checked.size())));
        while (endpoints.size() < checks) {
            EndpointState state = new EndpointState();
            state.set(HealthFlag.FAILED_ACTIVE_HC);
            endpoints.add(new Endpoint(
                    config,
                    addresses.apply(config.address()),
                    config.address().display(),
                    config.hostname(),
                    locality,
                    0,
                    state));
        }
        return new CheckedEndpoint(locality, config, endpoints);
    }

    /** Healthy if all checks say so; what nobody checks is not. */
    Status status() {
        boolean healthy = !checked.isEmpty();
        boolean timeout = false;
        for (Endpoint endpoint : checked) {
            int flags = endpoint.state().healthFlags();
            healthy &= HealthFlag.healthy(flags);
            timeout |= (flags & HealthFlag.ACTIVE_HC_TIMEOUT.bit()) != 0;
        }
        return healthy ? Status.HEALTHY : timeout ? Status.TIMEOUT : Status.UNHEALTHY;
    }
}
