package dev.starling.runtime.route;

import dev.starling.config.accesslog.FormatString;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.runtime.accesslog.Formatter;
import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.RequestHead;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A route configuration compiled for matching. Immutable; any thread. */
public final class RouteTable {

    private final RouteConfiguration config;
    private final VirtualHostIndex<VirtualHostRoutes> virtualHosts;
    private final List<HeaderName> internalOnlyHeaders;

    private final @Nullable HostRequests requests;

    private RouteTable(RouteConfiguration config, List<VirtualHostRoutes> virtualHosts) {
        this.config = config;
        this.requests = null;
        this.virtualHosts =
                new VirtualHostIndex<>(virtualHosts, VirtualHostRoutes::domains, config.ignorePortInHostMatching());
        this.internalOnlyHeaders =
                config.internalOnlyHeaders().stream().map(HeaderName::of).toList();
    }

    /**
     * @param slots binds a cluster that the configuration names to its slot, once
     * @param known finds the slot for a name that comes from traffic
     * @param formats compiles the values of headers to add
     * @param runtime may change fractions and weights
     */
    public static RouteTable compile(
            RouteConfiguration config,
            Function<String, ClusterSlot> slots,
            Function<String, @Nullable ClusterSlot> known,
            Function<FormatString, Formatter> formats,
            Supplier<RuntimeSnapshot> runtime) {
        var compiler = new RouteCompiler(config, slots, known, formats, runtime);
        return new RouteTable(
                config,
                config.virtualHosts().stream().map(compiler::virtualHost).toList());
    }

    /**
     * Null: no route.
     *
     * @param head with {@code x-forwarded-proto} as the connection manager has set it, which is what TLS requirements go by
     * @param random drawn once per exchange, not negative: decides fractions and weights
     */
    public @Nullable RouteResult route(RequestHead head, long random) {
        VirtualHostRoutes routes = virtualHosts.find(head.authority());
        return routes == null ? null : routes.route(head, random);
    }

    private RouteTable(RouteTable same, HostRequests requests) {
        this.config = same.config;
        this.virtualHosts = same.virtualHosts;
        this.internalOnlyHeaders = same.internalOnlyHeaders;
        this.requests = requests;
    }

    /** The same table, of which virtual hosts may be missing. */
    public RouteTable with(HostRequests asking) {
        return new RouteTable(this, asking);
    }

    /** Null if all that there is, is here. */
    public @Nullable HostRequests requests() {
        return requests;
    }

    /** Not for strangers to send. */
    public List<HeaderName> internalOnlyHeaders() {
        return internalOnlyHeaders;
    }

    public RouteConfiguration config() {
        return config;
    }
}
