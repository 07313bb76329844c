package dev.starling.config.proto.read;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import dev.starling.config.proto.FieldPath;
import dev.starling.config.proto.Problems;
import dev.starling.config.proto.Suggestion;
import dev.starling.config.proto.UnknownFieldPolicy;
import dev.starling.config.proto.source.SourceNode;
import dev.starling.config.proto.source.SourceNode.ListNode;
import dev.starling.config.proto.source.SourceNode.Null;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fills messages from a tree by proto JSON's rules, with what Envoy's parser allows beyond them: a single value for a
 * list, {@code {value: 5}} for a wrapper. Goes on after a problem, to find the others.
 */
public final class ProtoReader {

    private final UnknownFieldPolicy unknownFields;
    private final Problems problems;
    private final ScalarReader scalars;
    private final WellKnownReader wellKnown;
    private final AnyReader anys;
    private final Map<Descriptor, Map<String, FieldDescriptor>> fieldsByName = new HashMap<>();

    public ProtoReader(UnknownFieldPolicy unknownFields) {
        this.unknownFields = unknownFields;
        this.problems = unknownFields.problems();
        this.scalars = new ScalarReader(unknownFields);
        this.wellKnown = new WellKnownReader(problems, scalars);
        this.anys = new AnyReader(this, problems);
    }

    /** Reads an object into the message. */
    public void read(SourceNode node, Message.Builder into, FieldPath at) {
        read(node, into, at, into.getDefaultInstanceForType());
    }

    /** @param under what the message will be merged over: its lists come first, so ours are numbered from their ends */
    public void read(SourceNode node, Message.Builder into, FieldPath at, MessageOrBuilder under) {
        if (!(node instanceof ObjectNode object)) {
            problems.error(at, "expected an object but found " + node.kindName());
            return;
        }
        var written = new HashSet<FieldDescriptor>();
        object.entries().forEach((key, entry) -> {
            var field = fields(into.getDescriptorForType()).get(key);
            if (field == null) {
                unknown(into.getDescriptorForType(), key, at);
            } else if (!written.add(field)) {
                problems.error(at.written(key), "`" + field.getName() + "` is given twice, in both spellings");
            } else {
                field(field, entry.value(), into, at, under);
            }
        });
    }

    private void unknown(Descriptor message, String key, FieldPath at) {
        var names = message.getFields().stream().map(FieldDescriptor::getName).toList();
        unknownFields.apply(
                message,
                at.written(key),
                "unknown field `" + key + "` in " + message.getFullName() + Suggestion.of(key, names));
    }

    private void field(
            FieldDescriptor field, SourceNode node, Message.Builder into, FieldPath at, MessageOrBuilder under) {
        var path = at.field(field.getName());
        if (node instanceof Null && !NullReader.takesNull(field)) {
            return;
        }
        if (excludesEarlier(field, into, path)) {
            return;
        }
        if (field.isMapField()) {
            map(field, node, into, at);
        } else if (field.isRepeated()) {
            list(field, node, into, at, under.getRepeatedFieldCount(field));
        } else {
            var value = isPlainMessage(field)
                    ? merged(into.newBuilderForField(field), node, path, (Message) under.getField(field))
                    : value(field, node, into, path);
            if (value != null) {
                into.setField(field, value);
            }
        }
    }

    private static boolean isPlainMessage(FieldDescriptor field) {
        return field.getJavaType() == JavaType.MESSAGE
                && !field.getMessageType().getFile().getPackage().equals("google.protobuf");
    }

    private @Nullable Message merged(Message.Builder builder, SourceNode node, FieldPath path, Message under) {
        read(node, builder, path, under);
        return node instanceof ObjectNode ? builder.buildPartial() : null;
    }

    private boolean excludesEarlier(FieldDescriptor field, Message.Builder into, FieldPath path) {
        var oneof = field.getRealContainingOneof();
        if (oneof == null || !into.hasOneof(oneof)) {
            return false;
        }
        String earlier = into.getOneofFieldDescriptor(oneof).getName();
        problems.error(path, "`" + earlier + "` and `" + field.getName() + "` exclude each other");
        return true;
    }

    private void list(FieldDescriptor field, SourceNode node, Message.Builder into, FieldPath at, int before) {
        var items = node instanceof ListNode list ? list.items() : List.of(node);
        for (int i = 0; i < items.size(); i++) {
            var path = at.field(field.getName(), before + i);
            var value = items.get(i) instanceof Null && !NullReader.takesNull(field)
                    ? refuseNull(path)
                    : value(field, items.get(i), into, path);
            if (value == null) {
                // Keeps the indexes of later elements, and so their paths, true.
                problems.placeholder(path);
                into.addRepeatedField(field, placeholder(field, into));
            } else {
                into.addRepeatedField(field, value);
            }
        }
    }

    private @Nullable Object refuseNull(FieldPath path) {
        problems.error(path, "null in a list");
        return null;
    }

    private static Object placeholder(FieldDescriptor field, Message.Builder into) {
        return field.getJavaType() == JavaType.MESSAGE
                ? into.newBuilderForField(field).buildPartial()
                : ScalarReader.zero(field);
    }

    private void map(FieldDescriptor field, SourceNode node, Message.Builder into, FieldPath at) {
        if (!(node instanceof ObjectNode object)) {
            problems.error(at.field(field.getName()), "expected an object but found " + node.kindName());
            return;
        }
        var keyField = field.getMessageType().findFieldByNumber(1);
        var valueField = field.getMessageType().findFieldByNumber(2);
        object.entries().forEach((key, entry) -> {
            var path = at.entry(field.getName(), key);
            var pair = into.newBuilderForField(field);
            var mapKey = scalars.key(keyField, key, path);
            var mapValue = entry.value() instanceof Null && !NullReader.takesNull(valueField)
                    ? refuseNull(path)
                    : value(valueField, entry.value(), pair, path);
            if (mapKey != null && mapValue != null) {
                into.addRepeatedField(
                        field,
                        pair.setField(keyField, mapKey)
                                .setField(valueField, mapValue)
                                .build());
            }
        });
    }

    /** Null after a problem. */
    private @Nullable Object value(FieldDescriptor field, SourceNode node, Message.Builder parent, FieldPath path) {
        if (field.getJavaType() != JavaType.MESSAGE) {
            return scalars.read(field, node, path);
        }
        return message(parent.newBuilderForField(field), node, path);
    }

    /** Any message, those with a spelling of their own included. Null after a problem that leaves nothing to keep. */
    @Nullable
    Message message(Message.Builder builder, SourceNode node, FieldPath path) {
        String type = builder.getDescriptorForType().getFullName();
        if (type.equals("google.protobuf.Any")) {
            return anys.read(node, path);
        }
        if (WellKnownReader.hasOwnSpelling(type, node)) {
            return wellKnown.read(builder, node, path);
        }
        return merged(builder, node, path, builder.getDefaultInstanceForType());
    }

    private Map<String, FieldDescriptor> fields(Descriptor message) {
        return fieldsByName.computeIfAbsent(message, ProtoReader::namesOf);
    }

    private static Map<String, FieldDescriptor> namesOf(Descriptor message) {
        var byName = new HashMap<String, FieldDescriptor>();
        for (var field : message.getFields()) {
            byName.put(field.getJsonName(), field);
            byName.put(field.getName(), field);
        }
        return byName;
    }
}
