package dev.starling.config.proto.tls;

import com.google.protobuf.Message;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.tls.DownstreamSocket;
import dev.starling.config.tls.QuicDownstream;
import dev.starling.config.tls.UpstreamSocket;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.quic.v3.QuicDownstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.core.v3.TransportSocket}; what is not there is {@code raw_buffer}. */
public final class TransportSocketReader {

    private static final String RAW = RawBuffer.getDescriptor().getFullName();

    private TransportSocketReader() {}

    /** Null after a problem. */
    public static @Nullable DownstreamSocket downstream(
            boolean present, TransportSocket message, ValidationContext context) {
        if (!present || isRaw(message)) {
            return DownstreamSocket.Raw.RAW;
        }
        var quic = content(message, QuicDownstreamTransport.class);
        if (quic.isPresent()) {
            var inside = DownstreamTlsReader.read(
                    quic.get().getDownstreamTlsContext(),
                    context.field("typed_config").field("downstream_tls_context"));
            return inside == null ? null : new QuicDownstream(inside);
        }
        var tls = content(message, DownstreamTlsContext.class);
        if (tls.isEmpty()) {
            unknown(message, context);
            return null;
        }
        JavaTls.check(tls.get(), context.field("typed_config"));
        return DownstreamTlsReader.read(tls.get(), context.field("typed_config"));
    }

    /** Null after a problem. */
    public static @Nullable UpstreamSocket upstream(
            boolean present, TransportSocket message, ValidationContext context) {
        if (!present || isRaw(message)) {
            return UpstreamSocket.Raw.RAW;
        }
        var tls = content(message, UpstreamTlsContext.class);
        if (tls.isEmpty()) {
            unknown(message, context);
            return null;
        }
        return UpstreamTlsReader.read(tls.get(), context.field("typed_config"));
    }

    private static boolean isRaw(TransportSocket message) {
        return TypedConfig.typeName(message.getTypedConfig()).equals(RAW);
    }

    private static <M extends Message> Optional<M> content(TransportSocket message, Class<M> type) {
        return TypedConfig.unpack(message.getTypedConfig())
                .filter(type::isInstance)
                .map(type::cast);
    }

    private static void unknown(TransportSocket message, ValidationContext context) {
        if (!context.failed()) {
            context.problem("Didn't find a registered implementation for '" + message.getName() + "' with type URL: '"
                    + TypedConfig.typeName(message.getTypedConfig()) + "'");
        }
    }
}
