package dev.starling.runtime.listener.filter.originaldst;

import dev.starling.config.listener.filter.OriginalDst;
import dev.starling.config.proto.ValidationContext;
import dev.starling.runtime.listener.filter.ListenerFilter;
import dev.starling.runtime.listener.filter.ListenerFilterContext;
import dev.starling.runtime.listener.filter.ListenerFilterFactory;

/** {@code envoy.filters.listener.original_dst}. */
public final class OriginalDstFactory
        implements ListenerFilterFactory<
                io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst, OriginalDst> {

    @Override
    public String name() {
        return "envoy.filters.listener.original_dst";
    }

    @Override
    public Class<io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst> configType() {
        return io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst.class;
    }

    @Override
    public Class<OriginalDst> recordType() {
        return OriginalDst.class;
    }

    @Override
    public OriginalDst validate(
            io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst config,
            ValidationContext context) {
        return new OriginalDst();
    }

    @Override
    public ListenerFilter.Maker create(OriginalDst config, ListenerFilterContext context) {
        return _ -> new DestinationInquiry();
    }
}
