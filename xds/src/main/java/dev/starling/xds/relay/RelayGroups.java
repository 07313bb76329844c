package dev.starling.xds.relay;

import com.google.protobuf.Value;
import dev.starling.config.http.RelayGroup;
import dev.starling.config.http.XdsRelay;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The groups of clients of one listener, as it is configured. Any thread. */
public final class RelayGroups {

    private final List<ServedGroup> groups;

    public RelayGroups(XdsRelay config) {
        groups = config.groups().isEmpty()
                ? List.of(new ServedGroup(new RelayGroup("", List.of(), List.of())))
                : config.groups().stream().map(ServedGroup::new).toList();
    }

    /** The first that the node is of. */
    Optional<ServedGroup> of(Node node) {
        Map<String, String> texts = new HashMap<>();
        node.getMetadata().getFieldsMap().forEach((key, value) -> {
            if (value.getKindCase() == Value.KindCase.STRING_VALUE) {
                texts.put(key, value.getStringValue());
            }
        });
        return groups.stream()
                .filter(group -> group.config().isFor(node.getId(), node.getCluster(), texts))
                .findFirst();
    }
}
