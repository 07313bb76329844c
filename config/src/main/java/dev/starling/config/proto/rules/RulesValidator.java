package dev.starling.config.proto.rules;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import dev.starling.config.proto.FieldPath;
import dev.starling.config.proto.Problems;
import dev.starling.config.proto.TypedConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Enforces {@code validate.rules} from the descriptors, as protoc-gen-validate's generated code would, down into nested
 * messages and {@code Any} contents. Keeps one plan per message type.
 */
public final class RulesValidator {

    private final Map<Descriptor, MessagePlan> plans = new ConcurrentHashMap<>();

    public void validate(Message message, FieldPath path, Problems problems) {
        if (path.depth() > FieldPath.MAX_DEPTH) {
            problems.error(path, "nested deeper than " + FieldPath.MAX_DEPTH);
            return;
        }
        var plan = plan(message.getDescriptorForType());
        plan.checkOneofs(message, path, problems);
        for (var field : plan.fields()) {
            if (field.field().isMapField()) {
                map(field, message, path, problems);
            } else if (field.field().isRepeated()) {
                list(field, message, path, problems);
            } else {
                single(field, message, path, problems);
            }
        }
    }

    /** What is to be checked about messages of the type. */
    public MessagePlan plan(Descriptor type) {
        // Not computeIfAbsent: making a plan loads classes, and whole files of descriptors with them.
        var plan = plans.get(type);
        if (plan == null) {
            plan = MessagePlan.of(type);
            plans.put(type, plan);
        }
        return plan;
    }

    private void single(FieldPlan plan, Message message, FieldPath at, Problems problems) {
        var field = plan.field();
        if (!field.hasPresence() || message.hasField(field)) {
            value(plan, message.getField(field), at.field(field.getName()), problems);
        } else if (plan.isRequired()) {
            problems.errorUnlessExplained(at.field(field.getName()), "is required");
        }
    }

    private void list(FieldPlan plan, Message message, FieldPath at, Problems problems) {
        String name = plan.field().getName();
        var elements = (List<?>) message.getField(plan.field());
        collection(plan, elements, at.field(name), problems);
        for (int i = 0; i < elements.size(); i++) {
            value(plan, elements.get(i), at.field(name, i), problems);
        }
    }

    private void map(FieldPlan plan, Message message, FieldPath at, Problems problems) {
        String name = plan.field().getName();
        var entries = (List<?>) message.getField(plan.field());
        collection(plan, entries, at.field(name), problems);
        for (var each : entries) {
            var entry = (Message) each;
            var type = entry.getDescriptorForType();
            Object key = entry.getField(type.findFieldByNumber(1));
            var path = at.entry(name, String.valueOf(key));
            check(plan.key(), key, path, problems, "the key ");
            value(plan, entry.getField(type.findFieldByNumber(2)), path, problems);
        }
    }

    private static void collection(FieldPlan plan, List<?> elements, FieldPath path, Problems problems) {
        String wrong = plan.collection() == null ? null : plan.collection().violation(elements);
        if (wrong != null) {
            problems.errorUnlessExplained(path, wrong);
        }
    }

    private void value(FieldPlan plan, Object value, FieldPath path, Problems problems) {
        check(plan.value(), value, path, problems, "");
        if (plan.isEntered() && !problems.isFull()) {
            enter((Message) value, path, problems);
        }
    }

    private void enter(Message message, FieldPath path, Problems problems) {
        if (message instanceof Any any) {
            TypedConfig.unpack(any).ifPresent(content -> validate(content, path, problems));
        } else {
            validate(message, path, problems);
        }
    }

    private static void check(
            @Nullable ValueRule rule, Object value, FieldPath path, Problems problems, String subject) {
        String wrong = rule == null ? null : rule.violation(value);
        if (wrong != null) {
            problems.errorUnlessExplained(path, subject + wrong);
        }
    }
}
