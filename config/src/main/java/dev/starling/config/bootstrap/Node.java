package dev.starling.config.bootstrap;

import dev.starling.config.Locality;
import java.util.Map;

/** Who this proxy is, as {@code envoy.config.core.v3.Node}; command-line flags are already merged in. */
public record Node(String id, String cluster, Locality locality, Map<String, Object> metadata) {

    public static final Node NONE = new Node("", "", Locality.NONE, Map.of());
}
