package dev.starling.runtime.http;

import dev.starling.config.DiscoveredExtension;
import dev.starling.config.Extension;
import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.http.HttpFilterEntry;
import dev.starling.config.http.HttpUpgrade;
import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ExtensionFactory;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.http.HttpConnectionManagerReader;
import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.accesslog.AccessLogger;
import dev.starling.runtime.codec.http2.Http2Stats;
import dev.starling.runtime.http.filter.DiscoveredFilter;
import dev.starling.runtime.http.filter.FilterContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.HttpFilterFactory;
import dev.starling.runtime.network.FilterChainContext;
import dev.starling.runtime.network.FilterConfigs;
import dev.starling.runtime.network.NetworkFilter;
import dev.starling.runtime.network.NetworkFilterFactory;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsScope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code envoy.filters.network.http_connection_manager}. */
public final class HttpConnectionManagerFactory
        implements NetworkFilterFactory<
                io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,
                HttpConnectionManager> {

    @Override
    public String name() {
        return "envoy.filters.network.http_connection_manager";
    }

    @Override
    public Class<io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager>
            configType() {
        return io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.class;
    }

    @Override
    public Class<HttpConnectionManager> recordType() {
        return HttpConnectionManager.class;
    }

    @Override
    public boolean terminal() {
        return true;
    }

    @Override
    public @Nullable HttpConnectionManager validate(
            io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager config,
            ValidationContext context) {
        return HttpConnectionManagerReader.read(config, context);
    }

    @Override
    public NetworkFilter create(HttpConnectionManager config, FilterChainContext context) {
        ProxyContext proxy = context.proxy();
        StatsScope scope = proxy.stats().scope("http." + config.statPrefix() + ".");
        StatsScope listenerScope = context.listenerScope().scope("http." + config.statPrefix() + ".");
        StatsScope codecScope = proxy.stats().scope("http2.");
        StatsScope http3Scope = proxy.stats().scope("http3.");
        context.atEnd().accept(() -> {
            scope.remove();
            listenerScope.remove();
            codecScope.remove();
            http3Scope.remove();
        });
        Counter missing = context.listenerScope().counter("extension_config_missing");
        List<AccessLogger> accessLogs = proxy.accessLogging().loggers(config.accessLogs());
        context.atEnd().accept(() -> accessLogs.forEach(AccessLogger::close));
        return new ConnectionManager(
                config,
                context,
                new ConnectionManagerStats(
                        scope,
                        listenerScope,
                        new Http2Stats(codecScope),
                        config.codecType() == HttpConnectionManager.CodecType.HTTP3
                                ? new Http3Stats(http3Scope)
                                : null),
                chain(config.httpFilters(), proxy, scope, missing),
                upgradeChains(config, proxy, scope, missing),
                accessLogs,
                proxy.routes().table(config.routes(), config.statPrefix()));
    }

    private static Map<String, HttpFilterChain> upgradeChains(
            HttpConnectionManager config, ProxyContext proxy, StatsScope scope, Counter missing) {
        Map<String, HttpFilterChain> own = new HashMap<>();
        for (HttpUpgrade upgrade : config.upgrades()) {
            if (!upgrade.filters().isEmpty()) {
                own.put(upgrade.type(), chain(upgrade.filters(), proxy, scope, missing));
            }
        }
        return own;
    }

    private static HttpFilterChain chain(
            List<HttpFilterEntry> filters, ProxyContext proxy, StatsScope scope, Counter missing) {
        return new HttpFilterChain(filters.stream()
                .map(entry -> {
                    Extension filter = entry.filter();
                    FilterContext context = new FilterContext(filter.name(), proxy, scope);
                    HttpFilter.Maker maker = filter.config() instanceof DiscoveredExtension discovered
                            ? discovered(discovered, context, missing)
                            : maker(filter, context);
                    return new HttpFilterChain.Entry(filter.name(), entry.disabled(), maker);
                })
                .toList());
    }

    private static HttpFilter.Maker discovered(DiscoveredExtension wanted, FilterContext context, Counter missing) {
        String name = context.name();
        DiscoveredFilter filter = new DiscoveredFilter(name, extension -> maker(extension, context), missing);
        context.proxy().filterConfigs().follow(FilterConfigs.Kind.HTTP, name, wanted, filter::use);
        return filter;
    }

    private static HttpFilter.Maker maker(Extension filter, FilterContext context) {
        ExtensionFactory<?> factory = context.proxy()
                .extensions()
                .find(ExtensionCategory.HTTP_FILTER, filter.typeUrl())
                .orElseThrow(() -> new IllegalStateException("validated, but not registered: " + filter.typeUrl()));
        return make((HttpFilterFactory<?, ?>) factory, filter.config(), context);
    }

    private static <C extends Record> HttpFilter.Maker make(
            HttpFilterFactory<?, C> factory, Record config, FilterContext context) {
        return factory.create(factory.recordType().cast(config), context);
    }
}
