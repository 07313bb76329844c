package dev.starling.config.proto.tcp;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.tcp.ConnectionLimit;

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
                !message.hasRuntimeEnabled()
                        || message.getRuntimeEnabled().getDefaultValue().getValue());
    }
}
