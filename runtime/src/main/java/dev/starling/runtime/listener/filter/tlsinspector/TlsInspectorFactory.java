package dev.starling.runtime.listener.filter.tlsinspector;

import dev.starling.config.listener.filter.TlsInspector;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.listener.filter.TlsInspectorReader;
import dev.starling.runtime.listener.filter.ListenerFilter;
import dev.starling.runtime.listener.filter.ListenerFilterContext;
import dev.starling.runtime.listener.filter.ListenerFilterFactory;

/** {@code envoy.filters.listener.tls_inspector}. */
public final class TlsInspectorFactory
        implements ListenerFilterFactory<
                io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector, TlsInspector> {

    @Override
    public String name() {
        return "envoy.filters.listener.tls_inspector";
    }

    @Override
    public Class<io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector> configType() {
        return io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector.class;
    }

    @Override
    public Class<TlsInspector> recordType() {
        return TlsInspector.class;
    }

    @Override
    public TlsInspector validate(
            io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector config,
            ValidationContext context) {
        return TlsInspectorReader.read(config);
    }

    @Override
    public ListenerFilter.Maker create(TlsInspector config, ListenerFilterContext context) {
        TlsInspectorStats stats = TlsInspectorStats.in(context.scope());
        return loop -> new TlsInspection(config, stats, loop.stats());
    }
}
