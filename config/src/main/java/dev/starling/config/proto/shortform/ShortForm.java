package dev.starling.config.proto.shortform;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.proto.shortform.ShortObject.Named;
import dev.starling.config.proto.source.SourceNode;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Expands a configuration in the short form to that of an Envoy bootstrap, tree to tree. What the short form has no word
 * for may stand beside {@code starling} in Envoy's own words; the two are merged.
 */
public final class ShortForm {

    private static final String KEY = "starling";

    private ShortForm() {}

    /** The trees to be read one over the other; the configuration itself if it is not in the short form. */
    public static List<ObjectNode> expand(ObjectNode root) throws InvalidConfigException {
        var starling = root.entries().get(KEY);
        if (starling == null) {
            return List.of(root);
        }
        var problems = new ArrayList<Problem>();
        var expanded = bootstrap(ShortObject.of(KEY, starling.value(), problems), problems);
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
        var beside = new LinkedHashMap<>(root.entries());
        beside.remove(KEY);
        return List.of(expanded, new ObjectNode(beside, root.location()));
    }

    private static ObjectNode bootstrap(ShortObject starling, List<Problem> problems) {
        var at = starling.at();
        var resources = new Expansion(at)
                .put("listeners", each(starling.named("listeners"), ShortListener::expand, problems))
                .put("clusters", each(starling.named("clusters"), ShortCluster::expand, problems));
        var bootstrap = new Expansion(at)
                .put("node", starling.object("node").map(ShortForm::node))
                .put("admin", starling.value("admin").map(admin -> admin(admin, problems)))
                .put("static_resources", resources);
        starling.refuseOtherKeys();
        return bootstrap.node();
    }

    private static List<SourceNode> each(
            List<Named> members, BiFunction<Named, List<Problem>, ObjectNode> expand, List<Problem> problems) {
        return members.stream()
                .<SourceNode>map(member -> expand.apply(member, problems))
                .toList();
    }

    private static ObjectNode node(ShortObject node) {
        var expanded = new Expansion(node.at()).put("id", node.scalar("id")).put("cluster", node.scalar("cluster"));
        node.refuseOtherKeys();
        return expanded.node();
    }

    /** {@code admin { address, port }}, or just {@code admin = "127.0.0.1:9901"}. */
    private static ObjectNode admin(SourceNode node, List<Problem> problems) {
        var at = node.location();
        if (node instanceof Scalar scalar) {
            var address = SocketAddressText.parse(scalar.text());
            if (address.isPresent()) {
                return new Expansion(at)
                        .put("address", address.get().expand(at))
                        .node();
            }
        }
        var admin = ShortObject.of("starling.admin", node, problems);
        var port = admin.scalar("port");
        if (port.isEmpty()) {
            admin.problem("needs a `port`");
        }
        String address = admin.text("address").orElse("127.0.0.1");
        var expanded = new Expansion(at)
                .put("access_log", ShortAccessLog.expand(admin))
                .put("address", port.map(number -> SocketAddressText.socket(at, address, number)));
        admin.refuseOtherKeys();
        return expanded.node();
    }
}
