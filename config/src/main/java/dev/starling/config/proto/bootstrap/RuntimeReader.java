package dev.starling.config.proto.bootstrap;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.starling.config.FractionalPercent;
import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.config.bootstrap.v3.LayeredRuntime;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the static layers of {@code layered_runtime} into one map; later layers win. A struct inside is a prefix of
 * keys, {@code a: {b: 1}} being {@code a.b: 1}, unless it has the fields of a fraction.
 */
final class RuntimeReader {

    private RuntimeReader() {}

    static Map<String, Object> read(LayeredRuntime message, ValidationContext context) {
        var values = new LinkedHashMap<String, Object>();
        var names = new HashSet<String>();
        int adminLayers = 0;
        for (int i = 0; i < message.getLayersCount(); i++) {
            var layer = message.getLayers(i);
            var at = context.field("layers", i);
            if (!names.add(layer.getName())) {
                at.field("name").problem("Duplicate layer name: " + layer.getName());
            }
            if (layer.hasAdminLayer() && ++adminLayers > 1) {
                at.problem("Too many admin layers specified in LayeredRuntime, at most one may be specified");
            }
            flatten("", layer.getStaticLayer(), values, at.field("static_layer"));
        }
        return values;
    }

    private static void flatten(String prefix, Struct struct, Map<String, Object> values, ValidationContext context) {
        struct.getFieldsMap().forEach((name, value) -> put(prefix + name, value, values, context.field(name)));
    }

    private static void put(String key, Value value, Map<String, Object> values, ValidationContext context) {
        switch (value.getKindCase()) {
            case NUMBER_VALUE -> values.put(key, value.getNumberValue());
            case BOOL_VALUE -> values.put(key, value.getBoolValue());
            case STRING_VALUE -> values.put(key, value.getStringValue());
            case STRUCT_VALUE -> {
                var struct = value.getStructValue();
                if (struct.containsFields("numerator") || struct.containsFields("denominator")) {
                    values.put(key, fraction(struct));
                } else {
                    flatten(key + ".", struct, values, context);
                }
            }
            case LIST_VALUE, NULL_VALUE, KIND_NOT_SET -> context.problem("Invalid runtime entry value for " + key);
        }
    }

    /** Envoy takes a hundred for a denominator it does not know, and nothing for a numerator that is not there. */
    private static FractionalPercent fraction(Struct struct) {
        double numerator = struct.getFieldsOrDefault("numerator", Value.getDefaultInstance())
                .getNumberValue();
        String denominator = struct.getFieldsOrDefault("denominator", Value.getDefaultInstance())
                .getStringValue();
        return new FractionalPercent(
                (int) Math.clamp(numerator, 0, Integer.MAX_VALUE),
                switch (denominator) {
                    case "TEN_THOUSAND" -> 10_000;
                    case "MILLION" -> 1_000_000;
                    default -> 100;
                },
                "");
    }
}
