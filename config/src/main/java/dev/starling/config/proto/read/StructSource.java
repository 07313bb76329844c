package dev.starling.config.proto.read;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.starling.config.SourceLocation;
import dev.starling.config.proto.source.SourceNode;
import dev.starling.config.proto.source.SourceNode.Entry;
import dev.starling.config.proto.source.SourceNode.Kind;
import dev.starling.config.proto.source.SourceNode.ListNode;
import dev.starling.config.proto.source.SourceNode.Null;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.util.LinkedHashMap;

/** A {@code Struct} as if it had been read from text, to be read as the message it stands for. */
public final class StructSource {

    private static final SourceLocation NOWHERE = new SourceLocation("", 1, 0);

    private StructSource() {}

    public static SourceNode of(Struct struct) {
        var entries = new LinkedHashMap<String, Entry>();
        struct.getFieldsMap().forEach((key, value) -> entries.put(key, new Entry(of(value), NOWHERE)));
        return new ObjectNode(entries, NOWHERE);
    }

    private static SourceNode of(Value value) {
        return switch (value.getKindCase()) {
            case STRUCT_VALUE -> of(value.getStructValue());
            case LIST_VALUE ->
                new ListNode(
                        value.getListValue().getValuesList().stream()
                                .map(StructSource::of)
                                .toList(),
                        NOWHERE);
            case STRING_VALUE -> new Scalar(Kind.STRING, value.getStringValue(), NOWHERE);
            case BOOL_VALUE -> new Scalar(Kind.BOOLEAN, String.valueOf(value.getBoolValue()), NOWHERE);
            case NUMBER_VALUE -> new Scalar(Kind.NUMBER, String.valueOf(value.getNumberValue()), NOWHERE);
            case NULL_VALUE, KIND_NOT_SET -> new Null(NOWHERE);
        };
    }
}
