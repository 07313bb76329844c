package dev.starling.config.proto.print;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.starling.config.proto.TimeText;
import dev.starling.config.proto.source.JsonName;
import java.io.IOException;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Google's messages that proto JSON spells in a way of their own. */
final class WellKnownPrinter {

    private final TreeWriter out;

    WellKnownPrinter(TreeWriter out) {
        this.out = out;
    }

    static boolean hasOwnSpelling(Message message) {
        return switch (message) {
            case Duration _, Timestamp _, FieldMask _, Struct _, Value _, ListValue _ -> true;
            default -> false;
        };
    }

    /** {@code UInt32Value} and its like stand for their only field. */
    static boolean isWrapper(Message message) {
        return message.getDescriptorForType().getFile().getFullName().equals("google/protobuf/wrappers.proto");
    }

    void write(Message message) throws IOException {
        switch (message) {
            case Duration duration -> out.string(TimeText.of(duration));
            case Timestamp time -> out.string(TimeText.of(time));
            case FieldMask mask ->
                out.string(mask.getPathsList().stream().map(JsonName::of).collect(Collectors.joining(",")));
            case Struct struct -> struct(struct);
            case ListValue list -> list(list);
            case Value value -> value(value);
            default ->
                throw new IllegalArgumentException(
                        message.getDescriptorForType().getFullName());
        }
    }

    private void struct(Struct struct) throws IOException {
        out.beginObject();
        for (var entry : new TreeMap<>(struct.getFieldsMap()).entrySet()) {
            out.name(entry.getKey());
            value(entry.getValue());
        }
        out.endObject();
    }

    private void list(ListValue list) throws IOException {
        out.beginList();
        for (var element : list.getValuesList()) {
            value(element);
        }
        out.endList();
    }

    private void value(Value value) throws IOException {
        switch (value.getKindCase()) {
            case STRUCT_VALUE -> struct(value.getStructValue());
            case LIST_VALUE -> list(value.getListValue());
            case STRING_VALUE -> out.string(value.getStringValue());
            case BOOL_VALUE -> out.literal(String.valueOf(value.getBoolValue()));
            case NUMBER_VALUE -> NumberText.write(value.getNumberValue(), String.valueOf(value.getNumberValue()), out);
            case NULL_VALUE, KIND_NOT_SET -> out.literal("null");
        }
    }
}
