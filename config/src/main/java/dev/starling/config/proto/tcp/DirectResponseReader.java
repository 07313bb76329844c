package dev.starling.config.proto.tcp;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DataSourceReader;
import dev.starling.config.tcp.DirectResponse;
import io.envoyproxy.envoy.extensions.filters.network.direct_response.v3.Config;
import org.jspecify.annotations.Nullable;

/** Reads the configuration of the direct response filter of connections. */
public final class DirectResponseReader {

    private static final byte[] NOTHING = new byte[0];

    private DirectResponseReader() {}

    /** Null after a problem. */
    public static @Nullable DirectResponse read(Config message, ValidationContext context) {
        byte[] response = message.hasResponse()
                ? DataSourceReader.read(message.getResponse(), context.field("response"))
                : NOTHING;
        return response == null ? null : new DirectResponse(response);
    }
}
