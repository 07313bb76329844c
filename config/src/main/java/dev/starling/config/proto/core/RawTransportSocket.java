package dev.starling.config.proto.core;

import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;

/** The only transport socket there is yet: bytes as they are. */
public final class RawTransportSocket {

    private RawTransportSocket() {}

    public static void check(TransportSocket message, ValidationContext context) {
        String typeName = TypedConfig.typeName(message.getTypedConfig());
        if (!typeName.equals(RawBuffer.getDescriptor().getFullName())) {
            context.problem("Didn't find a registered implementation for '" + message.getName() + "' with type URL: '"
                    + typeName + "'");
        }
    }
}
