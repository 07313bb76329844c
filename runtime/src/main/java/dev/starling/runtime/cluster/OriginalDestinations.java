package dev.starling.runtime.cluster;

import dev.starling.config.Address;
import dev.starling.config.Locality;
import dev.starling.config.cluster.Cluster.Discovery.OriginalDst;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointState;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a cluster of type ORIGINAL_DST: the addresses that connections were meant for, each made when it is first
 * asked for and forgotten when it is no longer used. Any thread.
 */
public final class OriginalDestinations {

    /** Addresses a cluster knows at once; further ones are no endpoints until others are forgotten. */
    private static final int MAX_ENDPOINTS = 16 * 1024;

    private final OriginalDst config;
    private final Runnable grown;
    private final Map<InetSocketAddress, Known> known = new ConcurrentHashMap<>();

    /** What was asked for. */
    private static final class Known {
        private final Endpoint endpoint;
        private volatile boolean used = true;

        Known(Endpoint endpoint) {
            this.endpoint = endpoint;
        }
    }

    /** @param grown told of each new endpoint, by whoever was the first to ask for it */
    public OriginalDestinations(OriginalDst config, Runnable grown) {
        this.config = config;
        this.grown = grown;
    }

    /** The header that may name another destination. */
    public Optional<String> header() {
        return config.header();
    }

    /** What such a header says; null if it is no address with a port. */
    public static @Nullable InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || colon == text.length() - 1 || text.length() - colon > 6) {
            return null;
        }
        boolean ipv6 = text.charAt(0) == '[' && text.charAt(colon - 1) == ']';
        String host = ipv6 ? text.substring(1, colon - 1) : text.substring(0, colon);
        InetAddress ip = NetUtil.createInetAddressFromIpAddressString(host);
        if (ip == null || ipv6 != host.contains(":")) {
            return null;
        }
        int port = 0;
        for (int i = colon + 1; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return null;
            }
            port = port * 10 + digit;
        }
        return port > 65535 ? null : new InetSocketAddress(ip, port);
    }

    /** The endpoint at this address, with the port that takes the place of its own; null if there are too many. */
    public @Nullable Endpoint endpoint(InetSocketAddress destination) {
        InetSocketAddress address = config.port().isPresent()
                ? new InetSocketAddress(destination.getAddress(), config.port().getAsInt())
                : destination;
        Known found = known.get(address);
        if (found == null) {
            if (known.size() >= MAX_ENDPOINTS) {
                return null;
            }
            Known made = new Known(make(address));
            Known before = known.putIfAbsent(address, made);
            if (before == null) {
                grown.run();
            }
            found = before == null ? made : before;
        }
        if (!found.used) {
            found.used = true;
        }
        return found.endpoint;
    }

    private static Endpoint make(InetSocketAddress address) {
        return new Endpoint(
                EndpointConfig.of(Address.Socket.of(NetUtil.toAddressString(address.getAddress()), address.getPort())),
                address,
                NetUtil.toSocketAddressString(address),
                "",
                Locality.NONE,
                0,
                new EndpointState());
    }

    public List<Endpoint> endpoints() {
        return known.values().stream().map(each -> each.endpoint).toList();
    }

    /** Forgets what has neither been asked for since the last call nor has a connection; whether there was such. */
    public boolean forgetUnused() {
        return known.values().removeIf(each -> {
            boolean idle = !each.used && each.endpoint.state().activeConnections() == 0;
            each.used = false;
            return idle;
        });
    }
}
