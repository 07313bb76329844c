package dev.starling.config.proto.listener;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.starling.config.DiscoveredExtension;
import dev.starling.config.Extension;
import dev.starling.config.listener.ConnectionPredicate;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.FilterChainMatch;
import dev.starling.config.listener.ListenerFilterChain;
import dev.starling.config.listener.ListenerFilterChain.Entry;
import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.discovery.ExtensionConfigSourceReader;
import dev.starling.config.proto.listener.filter.ProtocolDetectionReader;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the listener filters, with those that other fields ask for behind them, as Envoy adds them. */
@SuppressWarnings("deprecation") // Envoy still reads its deprecated fields, and so do we
final class ListenerFilterChainReader {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

    private ListenerFilterChainReader() {}

    static ListenerFilterChain read(Listener message, List<FilterChain> chains, ValidationContext context) {
        var filters = new ArrayList<>(Elements.read(
                message.getListenerFiltersList(), context, "listener_filters", ListenerFilterChainReader::entry));
        if (message.getUseOriginalDst().getValue()) {
            add(OriginalDst.getDefaultInstance(), "envoy.filters.listener.original_dst", filters, context);
        }
        if (message.getFilterChainsCount() > 0
                && message.getFilterChains(0).getUseProxyProto().getValue()) {
            add(ProxyProtocol.getDefaultInstance(), "envoy.filters.listener.proxy_protocol", filters, context);
        }
        String inspector = TlsInspector.getDescriptor().getFullName();
        if (chains.stream().anyMatch(chain -> needsInspection(chain.match()))
                && filters.stream().noneMatch(entry -> inspects(entry.filter(), inspector))) {
            // Without that filter such chains match nothing that is encrypted, but what is not may still be served.
            context.warning("filter chain match rules require TLS Inspector listener filter, but it isn't configured:"
                    + " it is added");
            if (context.extensions()
                    .find(ExtensionCategory.LISTENER_FILTER, inspector)
                    .isPresent()) {
                add(TlsInspector.getDefaultInstance(), "envoy.filters.listener.tls_inspector", filters, context);
            }
        }
        return new ListenerFilterChain(
                filters,
                DurationReader.readOr(
                        DEFAULT_TIMEOUT,
                        message.hasListenerFiltersTimeout(),
                        message.getListenerFiltersTimeout(),
                        context.field("listener_filters_timeout")),
                message.getContinueOnListenerFiltersTimeout());
    }

    private static boolean inspects(Extension filter, String inspector) {
        return filter.typeUrl().equals(inspector)
                || filter.typeUrl().equals(ProtocolDetectionReader.TYPE)
                || (filter.config() instanceof DiscoveredExtension discovered
                        && discovered.types().contains(inspector));
    }

    private static boolean needsInspection(FilterChainMatch match) {
        return match.transportProtocol().equals("tls")
                || (match.transportProtocol().isEmpty()
                        && (!match.serverNames().isEmpty()
                                || !match.applicationProtocols().isEmpty()));
    }

    private static void add(Message settings, String name, List<Entry> filters, ValidationContext context) {
        Extension filter = context.extension(ExtensionCategory.LISTENER_FILTER, name, Any.pack(settings));
        if (filter != null) {
            filters.add(new Entry(filter, ConnectionPredicate.None.NONE));
        }
    }

    private static @Nullable Entry entry(ListenerFilter message, ValidationContext context) {
        var disabled = message.hasFilterDisabled()
                ? ConnectionPredicateReader.read(message.getFilterDisabled(), context.field("filter_disabled"))
                : ConnectionPredicate.None.NONE;
        var filter = message.hasConfigDiscovery()
                ? discovered(message, context.field("config_discovery"))
                : context.extension(ExtensionCategory.LISTENER_FILTER, message.getName(), message.getTypedConfig());
        return filter == null ? null : new Entry(filter, disabled);
    }

    private static @Nullable Extension discovered(ListenerFilter message, ValidationContext context) {
        return ExtensionConfigSourceReader.read(
                message.getConfigDiscovery(),
                message.getName(),
                ExtensionCategory.LISTENER_FILTER,
                _ -> Optional.empty(),
                context);
    }
}
