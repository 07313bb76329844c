package dev.starling.config.proto.read;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import com.google.re2j.Pattern;
import dev.starling.config.proto.FieldPath;
import dev.starling.config.proto.Problems;
import dev.starling.config.proto.source.SourceNode;
import dev.starling.config.proto.source.SourceNode.Kind;
import dev.starling.config.proto.source.SourceNode.ListNode;
import dev.starling.config.proto.source.SourceNode.Null;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Messages of {@code google.protobuf} that proto JSON spells in a way of their own. */
final class WellKnownReader {

    private static final Set<String> WRAPPERS = Set.of(
            "google.protobuf.DoubleValue",
            "google.protobuf.FloatValue",
            "google.protobuf.Int64Value",
            "google.protobuf.UInt64Value",
            "google.protobuf.Int32Value",
            "google.protobuf.UInt32Value",
            "google.protobuf.BoolValue",
            "google.protobuf.StringValue",
            "google.protobuf.BytesValue");

    private static final Pattern DURATION = Pattern.compile("(-?)(\\d{1,12})(?:\\.(\\d{1,9}))?s");

    private final Problems problems;
    private final ScalarReader scalars;

    WellKnownReader(Problems problems, ScalarReader scalars) {
        this.problems = problems;
        this.scalars = scalars;
    }

    /** Objects of most of them are read field by field, as {@code {seconds: 1, nanos: 5}} is. */
    static boolean hasOwnSpelling(String type, SourceNode node) {
        return switch (type) {
            case "google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.ListValue" -> true;
            case "google.protobuf.Duration", "google.protobuf.Timestamp", "google.protobuf.FieldMask" ->
                !(node instanceof ObjectNode);
            default -> WRAPPERS.contains(type) && !(node instanceof ObjectNode);
        };
    }

    /** Whether the content of an {@code Any} of this type stands under {@code value}. */
    static boolean isUnderValue(String type) {
        return WRAPPERS.contains(type)
                || switch (type) {
                    case "google.protobuf.Any",
                            "google.protobuf.Duration",
                            "google.protobuf.FieldMask",
                            "google.protobuf.ListValue",
                            "google.protobuf.Struct",
                            "google.protobuf.Timestamp",
                            "google.protobuf.Value" -> true;
                    default -> false;
                };
    }

    @Nullable
    Message read(Message.Builder builder, SourceNode node, FieldPath path) {
        return switch (builder.getDescriptorForType().getFullName()) {
            case "google.protobuf.Struct" -> struct(node, path);
            case "google.protobuf.Value" -> value(node);
            case "google.protobuf.ListValue" -> list(node, path);
            case "google.protobuf.Duration" -> duration(node, path);
            case "google.protobuf.Timestamp" -> timestamp(node, path);
            case "google.protobuf.FieldMask" -> fieldMask(node, path);
            default -> wrapper(builder, node, path);
        };
    }

    private @Nullable Message wrapper(Message.Builder builder, SourceNode node, FieldPath path) {
        var field = builder.getDescriptorForType().findFieldByName("value");
        var value = scalars.read(field, node, path);
        return value == null ? null : builder.setField(field, value).build();
    }

    private @Nullable Message duration(SourceNode node, FieldPath path) {
        if (!(node instanceof Scalar(var kind, var text, var at)) || kind != Kind.STRING) {
            problems.error(path, "expected a duration such as `1.5s` but found " + node.kindName());
            return null;
        }
        var matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            problems.error(path, "expected a duration such as `1.5s` but found `" + NumberReader.shown(text) + "`");
            return null;
        }
        long seconds = Long.parseLong(matcher.group(2));
        String fraction = matcher.group(3);
        int nanos = fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
        int sign = matcher.group(1).isEmpty() ? 1 : -1;
        return Duration.newBuilder()
                .setSeconds(sign * seconds)
                .setNanos(sign * nanos)
                .build();
    }

    private @Nullable Message timestamp(SourceNode node, FieldPath path) {
        try {
            if (node instanceof Scalar(var kind, var text, var at) && kind == Kind.STRING) {
                var instant = OffsetDateTime.parse(text).toInstant();
                return Timestamp.newBuilder()
                        .setSeconds(instant.getEpochSecond())
                        .setNanos(instant.getNano())
                        .build();
            }
        } catch (DateTimeException e) {
            // told below, with what was expected
        }
        problems.error(path, "expected a time such as `2026-01-31T12:00:00Z`");
        return null;
    }

    /** {@code a,b.fooBar}: the paths in JSON's spelling. */
    private @Nullable Message fieldMask(SourceNode node, FieldPath path) {
        if (!(node instanceof Scalar(var kind, var text, var at)) || kind != Kind.STRING) {
            problems.error(path, "expected field names joined by commas but found " + node.kindName());
            return null;
        }
        var mask = FieldMask.newBuilder();
        for (String name : text.split(",", -1)) {
            if (!name.isEmpty()) {
                mask.addPaths(SnakeCase.of(name));
            }
        }
        return mask.build();
    }

    private @Nullable Message struct(SourceNode node, FieldPath path) {
        if (node instanceof ObjectNode object) {
            return struct(object);
        }
        problems.error(path, "expected an object but found " + node.kindName());
        return null;
    }

    private @Nullable Message list(SourceNode node, FieldPath path) {
        if (node instanceof ListNode list) {
            return list(list);
        }
        problems.error(path, "expected a list but found " + node.kindName());
        return null;
    }

    private static Struct struct(ObjectNode object) {
        var struct = Struct.newBuilder();
        object.entries().forEach((key, entry) -> struct.putFields(key, value(entry.value())));
        return struct.build();
    }

    private static ListValue list(ListNode list) {
        var values = ListValue.newBuilder();
        list.items().forEach(item -> values.addValues(value(item)));
        return values.build();
    }

    private static Value value(SourceNode node) {
        var value = Value.newBuilder();
        return switch (node) {
            case ObjectNode object -> value.setStructValue(struct(object)).build();
            case ListNode list -> value.setListValue(list(list)).build();
            case Null ignored -> value.setNullValue(NullValue.NULL_VALUE).build();
            case Scalar(var kind, var text, var at) ->
                switch (kind) {
                    case STRING -> value.setStringValue(text).build();
                    case BOOLEAN ->
                        value.setBoolValue(Boolean.parseBoolean(text)).build();
                    case NUMBER ->
                        value.setNumberValue(Double.parseDouble(text)).build();
                };
        };
    }
}
