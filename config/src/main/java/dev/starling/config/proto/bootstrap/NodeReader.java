package dev.starling.config.proto.bootstrap;

import dev.starling.config.bootstrap.Node;
import dev.starling.config.proto.core.LocalityReader;
import dev.starling.config.proto.core.StructReader;

/** Reads {@code envoy.config.core.v3.Node}. */
final class NodeReader {

    private NodeReader() {}

    static Node read(io.envoyproxy.envoy.config.core.v3.Node message) {
        return new Node(
                message.getId(),
                message.getCluster(),
                LocalityReader.read(message.getLocality()),
                StructReader.read(message.getMetadata()));
    }
}
