package dev.starling.config.proto.cluster;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.tls.UpstreamSockets;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions;
import java.util.Optional;

/** Reads {@code typed_extension_protocol_options}, whose keys are the full names of the messages they hold. */
final class ProtocolOptionsReader {

    private static final String FIELD = "typed_extension_protocol_options";
    private static final String HTTP = HttpProtocolOptions.getDescriptor().getFullName();
    private static final String TCP = TcpProtocolOptions.getDescriptor().getFullName();

    private ProtocolOptionsReader() {}

    static UpstreamHttp read(Cluster cluster, UpstreamSockets sockets, ValidationContext context) {
        for (String key : cluster.getTypedExtensionProtocolOptionsMap().keySet()) {
            if (!key.equals(HTTP) && !key.equals(TCP)) {
                context.entry(FIELD, key)
                        .problem("Didn't find a registered network or http filter or protocol options implementation"
                                + " for name: '" + key + "'");
            }
        }
        checkTcp(cluster, context);
        return http(cluster, sockets, context);
    }

    private static UpstreamHttp http(Cluster cluster, UpstreamSockets sockets, ValidationContext context) {
        return option(cluster, HTTP, HttpProtocolOptions.class, context)
                .map(message -> UpstreamHttpReader.read(message, cluster, sockets, context.entry(FIELD, HTTP)))
                .orElseGet(() -> UpstreamHttpReader.read(cluster, context));
    }

    /** Its idle timeout is of connections that wait in a pool, where there are none of TCP. */
    private static void checkTcp(Cluster cluster, ValidationContext context) {
        option(cluster, TCP, TcpProtocolOptions.class, context)
                .ifPresent(message -> DurationReader.readIf(
                        message.hasIdleTimeout(),
                        message.getIdleTimeout(),
                        context.entry(FIELD, TCP).field("idle_timeout")));
    }

    private static <M extends Message> Optional<M> option(
            Cluster cluster, String key, Class<M> type, ValidationContext context) {
        var any = cluster.getTypedExtensionProtocolOptionsMap().get(key);
        if (any == null) {
            return Optional.empty();
        }
        var message = TypedConfig.unpack(any).filter(type::isInstance).map(type::cast);
        if (message.isEmpty()) {
            context.entry(FIELD, key).problem("expected " + key + " but found " + found(any));
        }
        return message;
    }

    private static String found(Any any) {
        String name = TypedConfig.typeName(any);
        return name.isEmpty() ? "no type" : name;
    }
}
