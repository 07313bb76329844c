package dev.starling.runtime.network.echo;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.tcp.Echo;
import dev.starling.runtime.network.FilterChainContext;
import dev.starling.runtime.network.NetworkFilter;
import dev.starling.runtime.network.NetworkFilterFactory;
import dev.starling.runtime.network.RawLane;

/** {@code envoy.filters.network.echo}. */
public final class EchoFactory
        implements NetworkFilterFactory<io.envoyproxy.envoy.extensions.filters.network.echo.v3.Echo, Echo> {

    @Override
    public String name() {
        return "envoy.filters.network.echo";
    }

    @Override
    public Class<io.envoyproxy.envoy.extensions.filters.network.echo.v3.Echo> configType() {
        return io.envoyproxy.envoy.extensions.filters.network.echo.v3.Echo.class;
    }

    @Override
    public Class<Echo> recordType() {
        return Echo.class;
    }

    @Override
    public boolean terminal() {
        return true;
    }

    @Override
    public Echo validate(
            io.envoyproxy.envoy.extensions.filters.network.echo.v3.Echo config, ValidationContext context) {
        return new Echo();
    }

    @Override
    public NetworkFilter create(Echo config, FilterChainContext context) {
        return loop -> new RawLane<>(loop, context.proxy().system(), "echo", EchoSession::new);
    }
}
