package dev.starling.runtime.control.cluster;

import dev.starling.config.Address;
import dev.starling.config.Locality;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.lb.ResolvedEndpoint;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** One endpoint of a load assignment that is configured by name: where to look and what to make of each address. */
record DnsTarget(EndpointConfig config, Locality locality, int priority, Address.Socket address) {

    /** All of an assignment. Validation has seen to it that they are sockets, not paths. */
    static List<DnsTarget> of(LoadAssignment assignment) {
        List<DnsTarget> targets = new ArrayList<>();
        for (var locality : assignment.localities()) {
            for (EndpointConfig config : locality.endpoints()) {
                if (config.address() instanceof Address.Socket socket) {
                    targets.add(new DnsTarget(config, locality.locality(), locality.priority(), socket));
                }
            }
        }
        return targets;
    }

    ResolvedEndpoint at(InetAddress found) {
        Address.Socket where = Address.Socket.of(NetUtil.toAddressString(found), address.port());
        return new ResolvedEndpoint(
                config,
                locality,
                priority,
                new InetSocketAddress(found, address.port()),
                where.display(),
                config.hostname().isEmpty() ? address.host() : config.hostname());
    }
}
