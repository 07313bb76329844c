package dev.starling.runtime.http.filter.xdsrelay;

import com.github.xds.type.v3.TypedStruct;
import dev.starling.config.http.XdsRelay;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.http.XdsRelayReader;
import dev.starling.runtime.http.filter.FilterContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.HttpFilterFactory;
import dev.starling.xds.relay.RelayGroups;
import org.jspecify.annotations.Nullable;

/** {@code starling.filters.http.xds_relay}. */
public final class XdsRelayFactory implements HttpFilterFactory<TypedStruct, XdsRelay> {

    @Override
    public String name() {
        return "starling.filters.http.xds_relay";
    }

    @Override
    public Class<TypedStruct> configType() {
        return TypedStruct.class;
    }

    @Override
    public String typeName() {
        return XdsRelayReader.TYPE;
    }

    @Override
    public Class<XdsRelay> recordType() {
        return XdsRelay.class;
    }

    @Override
    public boolean terminal() {
        return true;
    }

    @Override
    public @Nullable XdsRelay validate(TypedStruct config, ValidationContext context) {
        return XdsRelayReader.read(config, context);
    }

    @Override
    public HttpFilter.Maker create(XdsRelay config, FilterContext context) {
        RelayGroups groups = new RelayGroups(config);
        return exchange -> new XdsRelayFilter(exchange, context.proxy().relay(), groups);
    }
}
