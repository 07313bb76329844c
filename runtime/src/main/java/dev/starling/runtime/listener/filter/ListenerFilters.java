package dev.starling.runtime.listener.filter;

import dev.starling.config.Extension;
import dev.starling.config.listener.ConnectionPredicate;
import dev.starling.config.listener.ListenerFilterChain;
import dev.starling.config.proto.ExtensionCategory;
import dev.starling.config.proto.ExtensionFactory;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.network.ConnectionTraits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;

/** The listener filters of one version of a listener, ready to be run for each of its connections. Immutable. */
public final class ListenerFilters {

    private final List<Entry> entries;
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
            long timeoutNanos,
            boolean continuesOnTimeout,
            InspectionStats stats,
            UnservedLog log) {
        this.entries = List.copyOf(entries);
        this.timeoutNanos = timeoutNanos;
        this.continuesOnTimeout = continuesOnTimeout;
        this.stats = stats;
        this.log = log;
    }

    public static ListenerFilters create(
            ListenerFilterChain config, ListenerFilterContext context, InspectionStats stats, UnservedLog log) {
        List<Entry> entries = new ArrayList<>();
        for (ListenerFilterChain.Entry entry : config.filters()) {
            entries.add(new Entry(maker(entry.filter(), context), entry.disabled()));
        }
        return new ListenerFilters(entries, config.timeout().toNanos(), config.continuesOnTimeout(), stats, log);
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
        new Inspection(this, channel, traits, loop, held, next).begin();
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
