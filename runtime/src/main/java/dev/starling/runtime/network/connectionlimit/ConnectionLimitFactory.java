package dev.starling.runtime.network.connectionlimit;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.tcp.ConnectionLimitReader;
import dev.starling.config.tcp.ConnectionLimit;
import dev.starling.runtime.network.ConnectionGate;
import dev.starling.runtime.network.ConnectionGateFactory;
import dev.starling.runtime.network.FilterChainContext;
import dev.starling.runtime.stats.StatsScope;

/** {@code envoy.filters.network.connection_limit}. */
public final class ConnectionLimitFactory
        implements ConnectionGateFactory<
                io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit, ConnectionLimit> {

    @Override
    public String name() {
        return "envoy.filters.network.connection_limit";
    }

    @Override
    public Class<io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit> configType() {
        return io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit.class;
    }

    @Override
    public Class<ConnectionLimit> recordType() {
        return ConnectionLimit.class;
    }

    @Override
    public ConnectionLimit validate(
            io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit config,
            ValidationContext context) {
        return ConnectionLimitReader.read(config, context);
    }

    @Override
    public ConnectionGate create(ConnectionLimit config, FilterChainContext context) {
        StatsScope scope = context.proxy().stats().scope("connection_limit." + config.statPrefix() + ".");
        context.atEnd().accept(scope::remove);
        return new ConnectionLimitGate(
                config,
                context.proxy().runtime(),
                scope.gauge("active_connections"),
                scope.counter("limited_connections"));
    }
}
