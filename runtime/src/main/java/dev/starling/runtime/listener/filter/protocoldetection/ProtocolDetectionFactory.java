package dev.starling.runtime.listener.filter.protocoldetection;

import com.github.xds.type.v3.TypedStruct;
import dev.starling.config.listener.filter.ProtocolDetection;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.listener.filter.ProtocolDetectionReader;
import dev.starling.runtime.listener.filter.ListenerFilter;
import dev.starling.runtime.listener.filter.ListenerFilterContext;
import dev.starling.runtime.listener.filter.ListenerFilterFactory;
import org.jspecify.annotations.Nullable;

/** {@code starling.listener_filters.protocol_detection}. */
public final class ProtocolDetectionFactory implements ListenerFilterFactory<TypedStruct, ProtocolDetection> {

    @Override
    public String name() {
        return "starling.listener_filters.protocol_detection";
    }

    @Override
    public Class<TypedStruct> configType() {
        return TypedStruct.class;
    }

    @Override
    public String typeName() {
        return ProtocolDetectionReader.TYPE;
    }

    @Override
    public Class<ProtocolDetection> recordType() {
        return ProtocolDetection.class;
    }

    @Override
    public @Nullable ProtocolDetection validate(TypedStruct config, ValidationContext context) {
        return ProtocolDetectionReader.read(config, context);
    }

    @Override
    public ListenerFilter.Maker create(ProtocolDetection config, ListenerFilterContext context) {
        DetectionStats stats = DetectionStats.in(context.scope());
        TalkativeServers servers = new TalkativeServers(config.rememberFor().toNanos(), config.maxDestinations());
        return loop -> new Detection(config, stats, servers, loop);
    }
}
