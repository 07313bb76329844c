package dev.starling.runtime.listener.filter;

import dev.starling.config.DiscoveredExtension;
import dev.starling.config.Extension;
import dev.starling.config.listener.ConnectionPredicate;
import dev.starling.config.listener.ListenerFilterChain;
import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ExtensionFactory;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.network.ConnectionTraits;
import dev.starling.runtime.network.FilterConfigs;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The listener filters of one version of a listener, ready to be run for each of its connections. Immutable. */
public final class ListenerFilters {

    private final List<Entry> entries;
    private final boolean discovered;
    private final long timeoutNanos;
    private final boolean continuesOnTimeout;
    private final InspectionStats stats;
    private final UnservedLog log;

    private record Entry(ListenerFilter.Maker maker, ConnectionPredicate disabled) {}

    /** Who goes on with a connection that the filters have passed. */
    @FunctionalInterface
    public interface Continuation {
        /** @param held bytes that were read and are to be read again by whoever serves the connection; now the callee's */
        void inspected(Channel channel, ConnectionTraits traits, Loop loop, ByteBuf held);
    }

    private ListenerFilters(
            List<Entry> entries,
            boolean discovered,
            long timeoutNanos,
            boolean continuesOnTimeout,
            InspectionStats stats,
            UnservedLog log) {
        this.entries = List.copyOf(entries);
        this.discovered = discovered;
        this.timeoutNanos = timeoutNanos;
        this.continuesOnTimeout = continuesOnTimeout;
        this.stats = stats;
        this.log = log;
    }

    public static ListenerFilters create(
            ListenerFilterChain config, ListenerFilterContext context, InspectionStats stats, UnservedLog log) {
        List<Entry> entries = new ArrayList<>();
        boolean discovered = false;
        for (ListenerFilterChain.Entry entry : config.filters()) {
            ListenerFilter.Maker maker;
            if (entry.filter().config() instanceof DiscoveredExtension wanted) {
                discovered = true;
                maker = discovered(entry.filter().name(), wanted, context);
            } else {
                maker = maker(entry.filter(), context);
            }
            entries.add(new Entry(maker, entry.disabled()));
        }
        return new ListenerFilters(
                entries, discovered, config.timeout().toNanos(), config.continuesOnTimeout(), stats, log);
    }

    private static ListenerFilter.Maker discovered(
            String name, DiscoveredExtension wanted, ListenerFilterContext context) {
        DiscoveredListenerFilter filter = new DiscoveredListenerFilter(name, config -> maker(config, context));
        context.proxy().filterConfigs().follow(FilterConfigs.Kind.LISTENER, name, wanted, filter::use);
        return filter;
    }

    private static ListenerFilter.Maker maker(Extension filter, ListenerFilterContext context) {
        ExtensionFactory<?> factory = context.proxy()
                .extensions()
                .find(ExtensionCategory.LISTENER_FILTER, filter.typeUrl())
                .orElseThrow(() -> new IllegalStateException("validated, but not registered: " + filter.typeUrl()));
        return maker((ListenerFilterFactory<?, ?>) factory, filter.config(), context);
    }

    private static <C extends Record> ListenerFilter.Maker maker(
            ListenerFilterFactory<?, C> factory, Record config, ListenerFilterContext context) {
        return factory.create(factory.recordType().cast(config), context);
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * Runs the filters; on the connection's loop.
     *
     * @param held bytes that were read already; now the filters'
     */
    public void inspect(Channel channel, ConnectionTraits traits, Loop loop, ByteBuf held, Continuation next) {
        ListenerFilters configured = discovered ? configured() : this;
        if (configured == null) {
            refuse(channel, traits, loop, held);
        } else {
            new Inspection(configured, channel, traits, loop, held, next).begin();
        }
    }

    /** As they are configured now, for one connection; null if one of them is not, be it disabled or not. */
    private @Nullable ListenerFilters configured() {
        List<Entry> now = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            ListenerFilter.Maker maker =
                    entry.maker() instanceof DiscoveredListenerFilter filter ? filter.current() : entry.maker();
            if (maker == null) {
                return null;
            }
            now.add(new Entry(maker, entry.disabled()));
        }
        return new ListenerFilters(now, false, timeoutNanos, continuesOnTimeout, stats, log);
    }

    private void refuse(Channel channel, ConnectionTraits traits, Loop loop, ByteBuf held) {
        stats.missing().inc(loop.stats());
        if (held.isReadable()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0); // as a socket with bytes that nobody has read
        }
        held.release();
        channel.close();
        log.inspected(traits, loop.nanoTime(), loop);
    }

    int size() {
        return entries.size();
    }

    boolean disabled(int position, ConnectionTraits traits) {
        return entries.get(position).disabled().test(traits.localPort());
    }

    ListenerFilter make(int position, Loop loop) {
        return entries.get(position).maker().make(loop);
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    boolean continuesOnTimeout() {
        return continuesOnTimeout;
    }

    UnservedLog log() {
        return log;
    }

    InspectionStats stats() {
        return stats;
    }
}
