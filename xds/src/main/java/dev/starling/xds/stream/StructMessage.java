package dev.starling.xds.stream;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps, lists, texts, numbers and booleans as a {@code Struct}. */
public final class StructMessage {

    private StructMessage() {}

    public static Struct of(Map<?, ?> fields) {
        Struct.Builder struct = Struct.newBuilder();
        fields.forEach((name, value) -> struct.putFields(String.valueOf(name), value(value)));
        return struct.build();
    }

    private static Value value(@Nullable Object value) {
        return switch (value) {
            case null -> Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build();
            case Boolean flag -> Value.newBuilder().setBoolValue(flag).build();
            case Number number ->
                Value.newBuilder().setNumberValue(number.doubleValue()).build();
            case Map<?, ?> fields ->
                Value.newBuilder().setStructValue(of(fields)).build();
            case List<?> elements ->
                Value.newBuilder()
                        .setListValue(ListValue.newBuilder()
                                .addAllValues(elements.stream()
                                        .map(StructMessage::value)
                                        .toList()))
                        .build();
            default -> text(value.toString());
        };
    }

    static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
