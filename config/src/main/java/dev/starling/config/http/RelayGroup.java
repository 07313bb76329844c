package dev.starling.config.http;

import dev.starling.config.matcher.StringMatcher;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Clients that are served the same, by what they say of themselves.
 *
 * @param nodes of which a client matches one; if there are none, every client is of the group
 * @param resources of which one selects what is served; if there are none, everything is
 */
public record RelayGroup(String name, List<NodeMatcher> nodes, List<ResourceSelector> resources) {
    public RelayGroup {
        nodes = List.copyOf(nodes);
        resources = List.copyOf(resources);
    }

    /** All of it must match. */
    public record NodeMatcher(
            Optional<StringMatcher> id, Optional<StringMatcher> cluster, Map<String, StringMatcher> metadata) {
        public NodeMatcher {
            metadata = Map.copyOf(metadata);
        }

        /** @param texts the node's metadata, where it is text */
        public boolean matches(String nodeId, String nodeCluster, Map<String, String> texts) {
            return id.map(matcher -> matcher.matches(nodeId)).orElse(true)
                    && cluster.map(matcher -> matcher.matches(nodeCluster)).orElse(true)
                    && metadata.entrySet().stream().allMatch(entry -> {
                        String text = texts.get(entry.getKey());
                        return text != null && entry.getValue().matches(text);
                    });
        }
    }

    /** All of it must match. */
    public record ResourceSelector(Optional<String> typeUrl, Optional<StringMatcher> name) {

        public boolean selects(String resourceTypeUrl, String resourceName) {
            return typeUrl.map(resourceTypeUrl::equals).orElse(true)
                    && name.map(matcher -> matcher.matches(resourceName)).orElse(true);
        }
    }

    public boolean isFor(String nodeId, String nodeCluster, Map<String, String> metadata) {
        return nodes.isEmpty() || nodes.stream().anyMatch(node -> node.matches(nodeId, nodeCluster, metadata));
    }

    public boolean selects(String typeUrl, String resourceName) {
        return resources.isEmpty() || resources.stream().anyMatch(each -> each.selects(typeUrl, resourceName));
    }
}
