package dev.starling.config.proto.cluster;

import dev.starling.config.cluster.UpstreamProxyProtocol;
import dev.starling.config.cluster.UpstreamProxyProtocol.AddedTlv;
import dev.starling.config.listener.filter.TlvFilter;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.ProxyHeaderVersionReader;
import dev.starling.config.proto.listener.filter.TlvReader;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads what an endpoint is told of the client, around the transport socket that carries it. */
final class UpstreamProxyProtocolReader {

    private UpstreamProxyProtocolReader() {}

    /** The message inside of a transport socket, if it is the one that writes headers. */
    static Optional<ProxyProtocolUpstreamTransport> find(TransportSocket message) {
        return TypedConfig.typeName(message.getTypedConfig())
                        .equals(ProxyProtocolUpstreamTransport.getDescriptor().getFullName())
                ? TypedConfig.unpack(message.getTypedConfig()).map(ProxyProtocolUpstreamTransport.class::cast)
                : Optional.empty();
    }

    /** What a cluster says of it. */
    static Optional<UpstreamProxyProtocol> read(Cluster message, ValidationContext context) {
        return find(message.getTransportSocket())
                .map(transport ->
                        read(transport, context.field("transport_socket").field("typed_config")));
    }

    private static UpstreamProxyProtocol read(ProxyProtocolUpstreamTransport message, ValidationContext context) {
        var config = message.getConfig();
        return new UpstreamProxyProtocol(
                ProxyHeaderVersionReader.read(config, context.field("config")),
                config.hasPassThroughTlvs() ? TlvReader.filter(config.getPassThroughTlvs()) : TlvFilter.NONE,
                config.getAddedTlvsList().stream()
                        .map(tlv -> new AddedTlv(tlv.getType(), tlv.getValue().toString(StandardCharsets.ISO_8859_1)))
                        .toList(),
                message.getTlvAsPoolKey());
    }
}
