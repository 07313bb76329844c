package dev.starling.config.proto.support;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import dev.starling.config.proto.FieldPath;
import dev.starling.config.proto.GoogleTypes;
import dev.starling.config.proto.Problems;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.UnknownFieldPolicy;
import dev.starling.config.proto.support.FieldStatus.Accepted;
import dev.starling.config.proto.support.FieldStatus.Honoured;
import dev.starling.config.proto.support.FieldStatus.Unsupported;
import envoy.annotations.Deprecation;
import java.util.List;
import java.util.Set;

/** Finds the fields of a message that this build does not honour, and those that Envoy wants gone. */
public final class SupportCheck {

    private final FieldSupport support;
    private final UnknownFieldPolicy unknownFields;
    private final Problems problems;

    public SupportCheck(FieldSupport support, UnknownFieldPolicy unknownFields) {
        this.support = support;
        this.unknownFields = unknownFields;
        this.problems = unknownFields.problems();
    }

    public void check(Message message, FieldPath path) {
        if (path.depth() > FieldPath.MAX_DEPTH || problems.isFull()) {
            return;
        }
        var nameless = message.getUnknownFields().asMap().keySet();
        if (!nameless.isEmpty()) {
            var type = message.getDescriptorForType();
            unknownFields.apply(type, path, "unknown field numbers " + nameless + " in " + type.getFullName());
        }
        message.getAllFields().forEach((field, value) -> field(field, value, path));
        for (var field : support.mustSet(message.getDescriptorForType())) {
            var value = (EnumValueDescriptor) message.getField(field);
            if (value.getNumber() == 0) {
                problems.errorUnlessExplained(
                        path.field(field.getName()), "is required: " + value.getName() + " is no longer allowed");
            }
        }
    }

    private void field(FieldDescriptor field, Object value, FieldPath at) {
        var path = at.field(field.getName());
        switch (support.status(field)) {
            case Honoured(var values) -> {
                deprecation(field, path);
                inside(field, value, values, at);
            }
            case Accepted ignored -> deprecation(field, path);
            case Unsupported(var isProtective) -> unsupported(field, isProtective, path);
        }
    }

    private void unsupported(FieldDescriptor field, boolean isProtective, FieldPath path) {
        String message = "not supported yet: `" + field.getName() + "` of "
                + field.getContainingType().getFullName();
        if (isProtective) {
            problems.errorUnlessExplained(path, message);
        } else {
            unknownFields.apply(field.getContainingType(), path, message);
        }
    }

    private void inside(FieldDescriptor field, Object value, Set<String> values, FieldPath at) {
        if (field.isMapField()) {
            var valueField = field.getMessageType().findFieldByNumber(2);
            for (var each : (List<?>) value) {
                var entry = (Message) each;
                Object key = entry.getField(field.getMessageType().findFieldByNumber(1));
                element(valueField, entry.getField(valueField), values, at.entry(field.getName(), String.valueOf(key)));
            }
        } else if (field.isRepeated()) {
            var elements = (List<?>) value;
            for (int i = 0; i < elements.size(); i++) {
                element(field, elements.get(i), values, at.field(field.getName(), i));
            }
        } else {
            element(field, value, values, at.field(field.getName()));
        }
    }

    private void element(FieldDescriptor field, Object value, Set<String> values, FieldPath path) {
        if (value instanceof EnumValueDescriptor chosen) {
            enumValue(field, chosen, values, path);
        } else if (field.getJavaType() == JavaType.MESSAGE) {
            message((Message) value, path);
        }
    }

    /** There is nothing to fall back on, so a value that is not supported is never skipped. */
    private void enumValue(FieldDescriptor field, EnumValueDescriptor chosen, Set<String> values, FieldPath path) {
        if (!values.isEmpty() && !values.contains(chosen.getName())) {
            problems.errorUnlessExplained(
                    path, "not supported yet: " + chosen.getName() + " as `" + field.getName() + "`");
        } else if (chosen.getOptions().getDeprecated()) {
            problems.warning(path, chosen.getName() + " is deprecated");
        }
    }

    private void message(Message message, FieldPath path) {
        if (message instanceof Any any) {
            // A type that is not listed is refused where the extension is looked up, which knows its category.
            if (support.lists(TypedConfig.typeName(any))) {
                content(any, path);
            }
        } else if (!GoogleTypes.has(message.getDescriptorForType())) {
            check(message, path);
        }
    }

    private void content(Any any, FieldPath path) {
        TypedConfig.unpack(any, unknownFields, path)
                .ifPresentOrElse(
                        content -> check(content, path),
                        () -> problems.error(path, "is not a valid " + TypedConfig.typeName(any)));
    }

    private void deprecation(FieldDescriptor field, FieldPath path) {
        if (field.getOptions().getExtension(Deprecation.disallowedByDefault)) {
            problems.errorUnlessExplained(path, "`" + field.getName() + "` is deprecated and no longer allowed");
        } else if (field.getOptions().getDeprecated()) {
            problems.warning(path, "`" + field.getName() + "` is deprecated");
        }
    }
}
