package dev.starling.runtime.network.tcpproxy;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.tcp.TcpProxyReader;
import dev.starling.config.tcp.TcpProxy;
import dev.starling.runtime.accesslog.AccessLogger;
import dev.starling.runtime.network.FilterChainContext;
import dev.starling.runtime.network.NetworkFilter;
import dev.starling.runtime.network.NetworkFilterFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code envoy.filters.network.tcp_proxy}. */
public final class TcpProxyFactory
        implements NetworkFilterFactory<
                io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, TcpProxy> {

    @Override
    public String name() {
        return "envoy.filters.network.tcp_proxy";
    }

    @Override
    public Class<io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy> configType() {
        return io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.class;
    }

    @Override
    public Class<TcpProxy> recordType() {
        return TcpProxy.class;
    }

    @Override
    public boolean terminal() {
        return true;
    }

    @Override
    public @Nullable TcpProxy validate(
            io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy config, ValidationContext context) {
        return TcpProxyReader.read(config, context);
    }

    @Override
    public NetworkFilter create(TcpProxy config, FilterChainContext context) {
        List<AccessLogger> accessLogs = context.proxy().accessLogging().loggers(config.accessLogs());
        context.atEnd().accept(() -> accessLogs.forEach(AccessLogger::close));
        return new TcpProxyFilter(config, context, accessLogs);
    }
}
