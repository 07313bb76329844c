package dev.starling.config.proto.shortform;

import dev.starling.config.SourceLocation;
import dev.starling.config.proto.source.SourceNode;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.util.Map;
import java.util.Optional;

/**
 * {@code { prefix | path | regex, method }} and one of {@code cluster}, {@code clusters} with weights, {@code redirect} or
 * {@code respond}.
 */
final class ShortRoute {

    private static final Map<String, String> REDIRECTS = Map.of(
            "301", "MOVED_PERMANENTLY",
            "302", "FOUND",
            "303", "SEE_OTHER",
            "307", "TEMPORARY_REDIRECT",
            "308", "PERMANENT_REDIRECT");

    private ShortRoute() {}

    static ObjectNode expand(ShortObject route) {
        route.oneOf("cluster", "clusters", "redirect", "respond");
        boolean forwards = route.has("cluster") || route.has("clusters");
        var expanded = new Expansion(route.at())
                .put("match", match(route))
                .put("redirect", route.object("redirect").map(ShortRoute::redirect))
                .put("direct_response", route.object("respond").map(ShortRoute::respond))
                .put("route", forwards ? Optional.of(forward(route)) : Optional.empty());
        route.refuseOtherKeys();
        return expanded.node();
    }

    /** The only route of a listener or virtual host that names just a cluster. */
    static ObjectNode toCluster(ShortObject host) {
        var at = host.at();
        return new Expansion(at)
                .put("match", new Expansion(at).put("prefix", "/"))
                .put("route", forward(host))
                .node();
    }

    private static Expansion match(ShortObject route) {
        var at = route.at();
        var match = new Expansion(at)
                .put("prefix", route.scalar("prefix"))
                .put("path", route.scalar("path"))
                .put(
                        "safe_regex",
                        route.scalar("regex")
                                .map(regex ->
                                        new Expansion(at).put("regex", regex).node()));
        if (match.node().entries().isEmpty()) {
            match.put("prefix", "/");
        }
        return match.put(
                "headers",
                route.scalar("method").map(method -> isMethod(method, at)).stream()
                        .toList());
    }

    private static SourceNode isMethod(Scalar method, SourceLocation at) {
        return new Expansion(at)
                .put("name", ":method")
                .put("string_match", new Expansion(at).put("exact", method))
                .node();
    }

    private static ObjectNode forward(ShortObject route) {
        var at = route.at();
        var weights = route.named("clusters").stream()
                .<SourceNode>map(weight -> new Expansion(at)
                        .put("name", weight.name())
                        .put("weight", weight.value())
                        .node())
                .toList();
        var forward = new Expansion(at)
                .put("cluster", route.scalar("cluster"))
                .put("timeout", route.duration("timeout"))
                .put("prefix_rewrite", route.scalar("prefix-rewrite"))
                .put("host_rewrite_literal", route.scalar("host-rewrite"))
                .put("retry_policy", retries(route));
        return weights.isEmpty()
                ? forward.node()
                : forward.put("weighted_clusters", new Expansion(at).put("clusters", weights))
                        .node();
    }

    private static Optional<ObjectNode> retries(ShortObject route) {
        var on = route.commaSeparated("retry-on");
        var retries = route.scalar("retries");
        if (on.isEmpty() && retries.isPresent()) {
            route.problem("retries needs retry-on beside it");
        }
        var policy = new Expansion(route.at())
                .put("retry_on", on)
                .put("num_retries", retries)
                .put("per_try_timeout", route.duration("per-try-timeout"))
                .node();
        return policy.entries().isEmpty() ? Optional.empty() : Optional.of(policy);
    }

    private static ObjectNode redirect(ShortObject redirect) {
        var expanded = new Expansion(redirect.at())
                .put("https_redirect", redirect.scalar("https"))
                .put("host_redirect", redirect.scalar("host"))
                .put("port_redirect", redirect.scalar("port"))
                .put("path_redirect", redirect.scalar("path"));
        redirect.choice("status", REDIRECTS).ifPresent(code -> expanded.put("response_code", code));
        redirect.refuseOtherKeys();
        return expanded.node();
    }

    private static ObjectNode respond(ShortObject respond) {
        var at = respond.at();
        Optional<ObjectNode> body = respond.scalar("body")
                .map(text -> new Expansion(at).put("inline_string", text).node());
        var expanded = new Expansion(at).put("status", respond.scalar("status")).put("body", body);
        respond.refuseOtherKeys();
        return expanded.node();
    }
}
