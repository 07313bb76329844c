package dev.starling.config.proto.shortform;

import dev.starling.config.Problem;
import dev.starling.config.SourceLocation;
import dev.starling.config.proto.shortform.ShortObject.Named;
import dev.starling.config.proto.source.SourceNode;
import dev.starling.config.proto.source.SourceNode.Kind;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code name { port, address, protocol, access-log, domains }} and, for HTTP, one of {@code cluster}, {@code clusters} with
 * weights, {@code routes} or {@code virtual-hosts}; for TCP, {@code cluster}.
 */
final class ShortListener {

    private static final String MANAGER =
            "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
    private static final String TCP_PROXY = "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";
    private static final String ROUTER = "envoy.extensions.filters.http.router.v3.Router";

    private enum Protocol {
        HTTP,
        TCP
    }

    private final String name;
    private final ShortObject listener;
    private final List<Problem> problems;

    private ShortListener(Named named, List<Problem> problems) {
        this.name = named.name();
        this.listener = ShortObject.of(named.path(), named.value(), problems);
        this.problems = problems;
    }

    static ObjectNode expand(Named named, List<Problem> problems) {
        return new ShortListener(named, problems).expand();
    }

    private ObjectNode expand() {
        var at = listener.at();
        var port = listener.scalar("port").orElse(null);
        if (port == null) {
            listener.problem("needs a `port`");
        }
        String address = listener.text("address").orElse("0.0.0.0");
        var protocol = listener.choice("protocol", Map.of("http", Protocol.HTTP, "tcp", Protocol.TCP))
                .orElse(Protocol.HTTP);
        var filter = switch (protocol) {
            case HTTP -> manager(at);
            case TCP -> tcpProxy(at);
        };
        listener.refuseOtherKeys();
        return new Expansion(at)
                .put("name", name)
                .put(
                        "address",
                        SocketAddressText.socket(at, address, port == null ? new Scalar(Kind.NUMBER, "0", at) : port))
                .put(
                        "filter_chains",
                        List.of(new Expansion(at)
                                .put("filters", List.of(filter))
                                .node()))
                .node();
    }

    private ObjectNode tcpProxy(SourceLocation at) {
        if (!listener.has("cluster")) {
            listener.problem("needs a `cluster`");
        }
        return filter(
                "envoy.filters.network.tcp_proxy",
                Expansion.typed(at, TCP_PROXY)
                        .put("stat_prefix", name)
                        .put("cluster", listener.scalar("cluster"))
                        .put("idle_timeout", listener.duration("idle-timeout"))
                        .put("access_log", ShortAccessLog.expand(listener)),
                at);
    }

    private ObjectNode manager(SourceLocation at) {
        var routes = new Expansion(at).put("name", name).put("virtual_hosts", virtualHosts());
        var router = filter("envoy.filters.http.router", Expansion.typed(at, ROUTER), at);
        return filter(
                "envoy.filters.network.http_connection_manager",
                Expansion.typed(at, MANAGER)
                        .put("stat_prefix", name)
                        .put("access_log", ShortAccessLog.expand(listener))
                        .put("route_config", routes)
                        .put("http_filters", List.of(router)),
                at);
    }

    private List<SourceNode> virtualHosts() {
        if (!listener.has("virtual-hosts")) {
            return List.of(virtualHost(name, listener));
        }
        listener.oneOf("virtual-hosts", "cluster", "clusters", "routes");
        var hosts = new ArrayList<SourceNode>();
        for (var named : listener.named("virtual-hosts")) {
            var host = ShortObject.of(named.path(), named.value(), problems);
            hosts.add(virtualHost(named.name(), host));
            host.refuseOtherKeys();
        }
        return hosts;
    }

    /** @param host the listener itself, or one of its virtual hosts */
    private static ObjectNode virtualHost(String name, ShortObject host) {
        var at = host.at();
        host.oneOf("cluster", "clusters", "routes");
        var domains = host.list("domains");
        var routes = host.has("routes")
                ? host.objects("routes").stream().map(ShortRoute::expand).toList()
                : List.of(ShortRoute.toCluster(host));
        return new Expansion(at)
                .put("name", name)
                .put("domains", domains.isEmpty() ? List.of(Expansion.text("*", at)) : domains)
                .put("routes", routes)
                .node();
    }

    private static ObjectNode filter(String name, Expansion typedConfig, SourceLocation at) {
        return new Expansion(at)
                .put("name", name)
                .put("typed_config", typedConfig)
                .node();
    }
}
