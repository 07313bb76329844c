package dev.starling.config.proto.cluster;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions;
import java.time.Duration;
import java.util.Optional;

/** Reads {@code typed_extension_protocol_options}, whose keys are the full names of the messages they hold. */
final class ProtocolOptionsReader {

    private static final String FIELD = "typed_extension_protocol_options";
    private static final String HTTP = HttpProtocolOptions.getDescriptor().getFullName();
    private static final String TCP = TcpProtocolOptions.getDescriptor().getFullName();
    private static final Duration DEFAULT_TCP_IDLE_TIMEOUT = Duration.ofMinutes(10);

    private ProtocolOptionsReader() {}

    record Options(UpstreamHttp http, Duration tcpIdleTimeout) {}

    static Options read(Cluster cluster, ValidationContext context) {
        for (String key : cluster.getTypedExtensionProtocolOptionsMap().keySet()) {
            if (!key.equals(HTTP) && !key.equals(TCP)) {
                context.entry(FIELD, key)
                        .problem("Didn't find a registered network or http filter or protocol options implementation"
                                + " for name: '" + key + "'");
            }
        }
        return new Options(http(cluster, context), tcpIdleTimeout(cluster, context));
    }

    private static UpstreamHttp http(Cluster cluster, ValidationContext context) {
        return option(cluster, HTTP, HttpProtocolOptions.class, context)
                .map(message -> UpstreamHttpReader.read(message, cluster, context.entry(FIELD, HTTP)))
                .orElseGet(() -> UpstreamHttpReader.read(cluster, context));
    }

    private static Duration tcpIdleTimeout(Cluster cluster, ValidationContext context) {
        return option(cluster, TCP, TcpProtocolOptions.class, context)
                .map(message -> DurationReader.readOr(
                        DEFAULT_TCP_IDLE_TIMEOUT,
                        message.hasIdleTimeout(),
                        message.getIdleTimeout(),
                        context.entry(FIELD, TCP).field("idle_timeout")))
                .orElse(DEFAULT_TCP_IDLE_TIMEOUT);
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
