package dev.starling.config.proto.shortform;

import dev.starling.config.Problem;
import dev.starling.config.SourceLocation;
import dev.starling.config.proto.shortform.ShortObject.Named;
import dev.starling.config.proto.source.SourceNode;
import dev.starling.config.proto.source.SourceNode.Kind;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code name { endpoints, type, lb, connect-timeout, max-…, health-check, outlier-detection }}. */
final class ShortCluster {

    private static final Map<String, String> TYPES =
            Map.of("static", "STATIC", "strict-dns", "STRICT_DNS", "logical-dns", "LOGICAL_DNS");
    private static final Map<String, String> POLICIES =
            Map.of("round-robin", "ROUND_ROBIN", "least-request", "LEAST_REQUEST", "random", "RANDOM");

    private final String name;
    private final ShortObject cluster;
    private final List<Problem> problems;
    private boolean namesHosts;

    private ShortCluster(Named named, List<Problem> problems) {
        this.name = named.name();
        this.cluster = ShortObject.of(named.path(), named.value(), problems);
        this.problems = problems;
    }

    static ObjectNode expand(Named named, List<Problem> problems) {
        return new ShortCluster(named, problems).expand();
    }

    private ObjectNode expand() {
        var at = cluster.at();
        var endpoints = cluster.list("endpoints").stream()
                .map(this::endpoint)
                .flatMap(Optional::stream)
                .toList();
        String type = cluster.choice("type", TYPES).orElse(namesHosts ? "STRICT_DNS" : "STATIC");
        var expanded = new Expansion(at)
                .put("name", name)
                .put("type", type)
                .put("connect_timeout", cluster.duration("connect-timeout"))
                .put("lb_policy", cluster.choice("lb", POLICIES).orElse("ROUND_ROBIN"))
                .put("circuit_breakers", circuitBreakers(at))
                .put(
                        "health_checks",
                        cluster.object("health-check").map(ShortCluster::healthCheck).stream()
                                .toList())
                .put("outlier_detection", cluster.object("outlier-detection").map(ShortCluster::outlierDetection))
                .put(
                        "load_assignment",
                        new Expansion(at)
                                .put("cluster_name", name)
                                .put(
                                        "endpoints",
                                        List.of(new Expansion(at)
                                                .put("lb_endpoints", endpoints)
                                                .node())));
        cluster.refuseOtherKeys();
        return expanded.node();
    }

    /** Either {@code "host:port"} or {@code { address = "host:port", weight = 2 }}. */
    private Optional<SourceNode> endpoint(SourceNode node) {
        if (node instanceof Scalar scalar) {
            return endpoint(scalar, Optional.empty());
        }
        var object = ShortObject.of("starling.clusters." + name + ".endpoints", node, problems);
        var weight = object.scalar("weight");
        var endpoint = object.scalar("address").flatMap(address -> endpoint(address, weight));
        object.refuseOtherKeys();
        return endpoint;
    }

    private Optional<SourceNode> endpoint(Scalar text, Optional<Scalar> weight) {
        var at = text.location();
        var address =
                text.kind() == Kind.STRING ? SocketAddressText.parse(text.text()) : Optional.<SocketAddressText>empty();
        if (address.isEmpty()) {
            problems.add(new Problem(
                    "starling.clusters." + name + ".endpoints",
                    "expected host:port or the path of a socket but found `" + text.text() + "`",
                    Optional.of(at)));
            return Optional.empty();
        }
        namesHosts |= address.get().isName();
        return Optional.of(new Expansion(at)
                .put("endpoint", new Expansion(at).put("address", address.get().expand(at)))
                .put("load_balancing_weight", weight)
                .node());
    }

    private Optional<ObjectNode> circuitBreakers(SourceLocation at) {
        var thresholds = new Expansion(at);
        for (String limit : List.of("max-connections", "max-pending-requests", "max-requests", "max-retries")) {
            thresholds.put(limit.replace('-', '_'), cluster.scalar(limit));
        }
        var node = thresholds.node();
        return node.entries().isEmpty()
                ? Optional.empty()
                : Optional.of(new Expansion(at).put("thresholds", List.of(node)).node());
    }

    private static ObjectNode healthCheck(ShortObject check) {
        var at = check.at();
        var http = new Expansion(at).put("path", check.text("path").orElse("/")).put("host", check.scalar("host"));
        var expanded = new Expansion(at)
                .put("timeout", check.duration("timeout").orElse(Expansion.text("1s", at)))
                .put("interval", check.duration("interval").orElse(Expansion.text("5s", at)))
                .put("unhealthy_threshold", check.scalar("unhealthy-threshold").orElse(number("3", at)))
                .put("healthy_threshold", check.scalar("healthy-threshold").orElse(number("2", at)))
                .put("http_health_check", http);
        check.refuseOtherKeys();
        return expanded.node();
    }

    private static ObjectNode outlierDetection(ShortObject detection) {
        var expanded = new Expansion(detection.at())
                .put("consecutive_5xx", detection.scalar("consecutive-5xx"))
                .put("interval", detection.duration("interval"))
                .put("base_ejection_time", detection.duration("base-ejection-time"))
                .put("max_ejection_percent", detection.scalar("max-ejection-percent"));
        detection.refuseOtherKeys();
        return expanded.node();
    }

    private static Scalar number(String digits, SourceLocation at) {
        return new Scalar(Kind.NUMBER, digits, at);
    }
}
