package dev.starling.config.proto.rules;

import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A rules message by field name: the twelve numeric kinds and more differ in nothing else. Holds what is set. */
record RuleFields(Map<String, Object> set) {

    RuleFields {
        set = Map.copyOf(set);
    }

    RuleFields(Message rules) {
        this(rules.getAllFields().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().getName(), Map.Entry::getValue)));
    }

    @Nullable
    Object optional(String name) {
        return set.get(name);
    }

    boolean isTrue(String name) {
        return Boolean.TRUE.equals(optional(name));
    }

    List<?> list(String name) {
        return set.get(name) instanceof List<?> list ? list : List.of();
    }
}
