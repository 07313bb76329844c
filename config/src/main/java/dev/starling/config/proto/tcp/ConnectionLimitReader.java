package dev.starling.config.proto.tcp;

import dev.starling.config.RuntimeFlag;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.tcp.ConnectionLimit;
import io.envoyproxy.envoy.config.core.v3.RuntimeFeatureFlag;

/** Reads the configuration of the limit of connections. */
public final class ConnectionLimitReader {

    private ConnectionLimitReader() {}

    public static ConnectionLimit read(
            io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit message,
            ValidationContext context) {
        return new ConnectionLimit(
                message.getStatPrefix(),
                message.getMaxConnections().getValue(),
                DurationReader.read(message.getDelay(), context.field("delay")),
                message.hasRuntimeEnabled() ? flag(message.getRuntimeEnabled()) : RuntimeFlag.of(true));
    }

    private static RuntimeFlag flag(RuntimeFeatureFlag message) {
        return new RuntimeFlag(message.getDefaultValue().getValue(), message.getRuntimeKey());
    }
}
