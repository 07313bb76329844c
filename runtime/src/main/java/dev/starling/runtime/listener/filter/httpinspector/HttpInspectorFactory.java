package dev.starling.runtime.listener.filter.httpinspector;

import dev.starling.config.listener.filter.HttpInspector;
import dev.starling.config.proto.ValidationContext;
import dev.starling.runtime.listener.filter.ListenerFilter;
import dev.starling.runtime.listener.filter.ListenerFilterContext;
import dev.starling.runtime.listener.filter.ListenerFilterFactory;

/** {@code envoy.filters.listener.http_inspector}. */
public final class HttpInspectorFactory
        implements ListenerFilterFactory<
                io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector, HttpInspector> {

    @Override
    public String name() {
        return "envoy.filters.listener.http_inspector";
    }

    @Override
    public Class<io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector> configType() {
        return io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector.class;
    }

    @Override
    public Class<HttpInspector> recordType() {
        return HttpInspector.class;
    }

    @Override
    public HttpInspector validate(
            io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector config,
            ValidationContext context) {
        return new HttpInspector();
    }

    @Override
    public ListenerFilter.Maker create(HttpInspector config, ListenerFilterContext context) {
        HttpInspectorStats stats = HttpInspectorStats.in(context.scope());
        return loop -> new HttpInspection(stats, loop.stats());
    }
}
