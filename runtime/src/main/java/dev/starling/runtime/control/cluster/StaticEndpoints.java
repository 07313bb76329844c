package dev.starling.runtime.control.cluster;

import dev.starling.config.Address;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.lb.ResolvedEndpoint;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Makes endpoints of a load assignment whose addresses need no resolving. */
final class StaticEndpoints {

    private StaticEndpoints() {}

    /** @param addresses refuses what is no IP address, which validation has ruled out */
    static List<ResolvedEndpoint> of(LoadAssignment assignment, Function<Address, SocketAddress> addresses) {
        List<ResolvedEndpoint> endpoints = new ArrayList<>();
        for (var locality : assignment.localities()) {
            for (EndpointConfig config : locality.endpoints()) {
                endpoints.add(new ResolvedEndpoint(
                        config,
                        locality.locality(),
                        locality.priority(),
                        addresses.apply(config.address()),
                        config.address().display(),
                        config.hostname()));
            }
        }
        return endpoints;
    }
}
