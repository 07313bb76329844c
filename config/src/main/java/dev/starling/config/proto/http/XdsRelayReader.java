package dev.starling.config.proto.http;

import com.github.xds.type.v3.TypedStruct;
import dev.starling.config.http.XdsRelay;
import dev.starling.config.proto.ValidationContext;
import org.jspecify.annotations.Nullable;

/** Reads the {@code TypedStruct} of the filter that serves xDS: it is none of Envoy's, so it has no message of its own. */
public final class XdsRelayReader {

    /** What the {@code type_url} of the struct ends with. */
    public static final String TYPE = "starling.filters.http.XdsRelay";

    private XdsRelayReader() {}

    /** Null after a problem. */
    public static @Nullable XdsRelay read(TypedStruct message, ValidationContext context) {
        message.getValue()
                .getFieldsMap()
                .keySet()
                .forEach(name -> context.field("value").field(name).problem("no such field of " + TYPE));
        return context.failed() ? null : new XdsRelay();
    }
}
