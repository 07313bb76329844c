package dev.starling.config.proto.core;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a {@code Struct} into maps, lists, strings, doubles and booleans; what is null is left out. */
public final class StructReader {

    private StructReader() {}

    public static Map<String, Object> read(Struct struct) {
        var fields = new LinkedHashMap<String, Object>();
        struct.getFieldsMap().forEach((name, value) -> {
            var read = read(value);
            if (read != null) {
                fields.put(name, read);
            }
        });
        return Collections.unmodifiableMap(fields);
    }

    public static @Nullable Object read(Value value) {
        return switch (value.getKindCase()) {
            case NULL_VALUE, KIND_NOT_SET -> null;
            case NUMBER_VALUE -> value.getNumberValue();
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> value.getBoolValue();
            case STRUCT_VALUE -> read(value.getStructValue());
            case LIST_VALUE -> list(value.getListValue().getValuesList());
        };
    }

    private static List<Object> list(List<Value> values) {
        var items = new ArrayList<>(values.size());
        for (var value : values) {
            var read = read(value);
            if (read != null) {
                items.add(read);
            }
        }
        return Collections.unmodifiableList(items);
    }
}
