package dev.starling.runtime.network.directresponse;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.tcp.DirectResponseReader;
import dev.starling.config.tcp.DirectResponse;
import dev.starling.runtime.network.FilterChainContext;
import dev.starling.runtime.network.NetworkFilter;
import dev.starling.runtime.network.NetworkFilterFactory;
import dev.starling.runtime.network.RawLane;
import io.envoyproxy.envoy.extensions.filters.network.direct_response.v3.Config;
import org.jspecify.annotations.Nullable;

/** {@code envoy.filters.network.direct_response}. */
public final class DirectResponseFactory implements NetworkFilterFactory<Config, DirectResponse> {

    @Override
    public String name() {
        return "envoy.filters.network.direct_response";
    }

    @Override
    public Class<Config> configType() {
        return Config.class;
    }

    @Override
    public Class<DirectResponse> recordType() {
        return DirectResponse.class;
    }

    @Override
    public boolean terminal() {
        return true;
    }

    @Override
    public @Nullable DirectResponse validate(Config config, ValidationContext context) {
        return DirectResponseReader.read(config, context);
    }

    @Override
    public NetworkFilter create(DirectResponse config, FilterChainContext context) {
        return loop -> new RawLane<DirectResponseSession>(
                loop,
                context.proxy().system(),
                "direct-response",
                (lane, channel, owner) -> new DirectResponseSession(lane, channel, owner, config.response()));
    }
}
