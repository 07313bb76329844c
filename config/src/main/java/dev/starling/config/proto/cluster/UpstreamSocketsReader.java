package dev.starling.config.proto.cluster;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.StructReader;
import dev.starling.config.proto.tls.TransportSocketReader;
import dev.starling.config.tls.UpstreamSocket;
import dev.starling.config.tls.UpstreamSockets;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.TransportSocketMatch;
import org.jspecify.annotations.Nullable;

/** Reads {@code transport_socket} and {@code transport_socket_matches} of a cluster. */
final class UpstreamSocketsReader {

    private UpstreamSocketsReader() {}

    static UpstreamSockets read(Cluster message, ValidationContext context) {
        var wrapping = UpstreamProxyProtocolReader.find(message.getTransportSocket());
        var standard = wrapping.isPresent()
                ? TransportSocketReader.upstream(
                        wrapping.get().hasTransportSocket(),
                        wrapping.get().getTransportSocket(),
                        context.field("transport_socket").field("typed_config").field("transport_socket"))
                : TransportSocketReader.upstream(
                        message.hasTransportSocket(), message.getTransportSocket(), context.field("transport_socket"));
        return new UpstreamSockets(
                standard == null ? UpstreamSocket.Raw.RAW : standard,
                Elements.read(
                        message.getTransportSocketMatchesList(),
                        context,
                        "transport_socket_matches",
                        UpstreamSocketsReader::match));
    }

    private static UpstreamSockets.@Nullable Match match(TransportSocketMatch message, ValidationContext context) {
        var socket = TransportSocketReader.upstream(
                message.hasTransportSocket(), message.getTransportSocket(), context.field("transport_socket"));
        return socket == null
                ? null
                : new UpstreamSockets.Match(message.getName(), StructReader.read(message.getMatch()), socket);
    }
}
