package dev.starling.runtime.listener.filter.proxyprotocol;

import dev.starling.config.listener.filter.ProxyProtocol;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.listener.filter.ProxyProtocolReader;
import dev.starling.runtime.listener.filter.ListenerFilter;
import dev.starling.runtime.listener.filter.ListenerFilterContext;
import dev.starling.runtime.listener.filter.ListenerFilterFactory;

/** {@code envoy.filters.listener.proxy_protocol}. */
public final class ProxyProtocolFactory
        implements ListenerFilterFactory<
                io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol, ProxyProtocol> {

    @Override
    public String name() {
        return "envoy.filters.listener.proxy_protocol";
    }

    @Override
    public Class<io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol> configType() {
        return io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol.class;
    }

    @Override
    public Class<ProxyProtocol> recordType() {
        return ProxyProtocol.class;
    }

    @Override
    public ProxyProtocol validate(
            io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol config,
            ValidationContext context) {
        return ProxyProtocolReader.read(config, context);
    }

    @Override
    public ListenerFilter.Maker create(ProxyProtocol config, ListenerFilterContext context) {
        ProxyProtocolStats stats = ProxyProtocolStats.in(context.scope(), config.statPrefix());
        return loop -> new ProxyHeaderInspection(config, stats, loop.stats());
    }
}
