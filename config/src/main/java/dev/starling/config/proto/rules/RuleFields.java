package dev.starling.config.proto.rules;

import com.google.protobuf.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a rules message by field name: the twelve numeric kinds and more differ in nothing else. */
record RuleFields(Message rules) {

    @Nullable
    Object optional(String name) {
        var field = rules.getDescriptorForType().findFieldByName(name);
        return field != null && rules.hasField(field) ? rules.getField(field) : null;
    }

    boolean isTrue(String name) {
        return Boolean.TRUE.equals(optional(name));
    }

    List<?> list(String name) {
        var field = rules.getDescriptorForType().findFieldByName(name);
        return field == null ? List.of() : (List<?>) rules.getField(field);
    }
}
