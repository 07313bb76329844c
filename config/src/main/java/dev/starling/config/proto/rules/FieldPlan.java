package dev.starling.config.proto.rules;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Duration;
import dev.starling.config.proto.GoogleTypes;
import io.envoyproxy.pgv.validate.Validate;
import io.envoyproxy.pgv.validate.Validate.FieldRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be checked about one field.
 *
 * @param isRequired a message that must be there
 * @param value of the value, of each element of a list, of each value of a map
 * @param key of each key of a map
 * @param isEntered whether there are messages inside to look at
 */
public record FieldPlan(
        FieldDescriptor field,
        boolean isRequired,
        @Nullable ValueRule value,
        @Nullable ValueRule key,
        @Nullable CollectionRule collection,
        boolean isEntered) {

    /** Empty where there is nothing to check. */
    static Optional<FieldPlan> of(FieldDescriptor field) {
        var rules = field.getOptions().getExtension(Validate.rules);
        var plan =
                field.isMapField() ? map(field, rules) : field.isRepeated() ? list(field, rules) : single(field, rules);
        boolean checks =
                plan.isRequired || plan.value != null || plan.key != null || plan.collection != null || plan.isEntered;
        return checks ? Optional.of(plan) : Optional.empty();
    }

    private static FieldPlan single(FieldDescriptor field, FieldRules rules) {
        return new FieldPlan(field, isRequired(field, rules), rule(field, rules), null, null, isEntered(field, rules));
    }

    private static FieldPlan list(FieldDescriptor field, FieldRules rules) {
        var repeated = rules.getRepeated();
        return new FieldPlan(
                field,
                false,
                rule(field, repeated.getItems()),
                null,
                rules.hasRepeated() ? CollectionRule.of(repeated) : null,
                isEntered(field, repeated.getItems()));
    }

    private static FieldPlan map(FieldDescriptor field, FieldRules rules) {
        var map = rules.getMap();
        var keyField = field.getMessageType().findFieldByNumber(1);
        var valueField = field.getMessageType().findFieldByNumber(2);
        return new FieldPlan(
                field,
                false,
                rule(valueField, map.getValues()),
                rule(keyField, map.getKeys()),
                rules.hasMap() ? CollectionRule.of(map) : null,
                isEntered(valueField, map.getValues()));
    }

    private static @Nullable ValueRule rule(FieldDescriptor field, FieldRules rules) {
        var annotated = RuleFactory.of(field, rules);
        return GoogleTypes.is(field, Duration.getDefaultInstance()) ? new DurationRule(annotated) : annotated;
    }

    /** A member of a oneof is required only once it is chosen, and then it is there. */
    private static boolean isRequired(FieldDescriptor field, FieldRules rules) {
        if (field.getRealContainingOneof() != null) {
            return false;
        }
        return rules.getMessage().getRequired()
                || rules.getAny().getRequired()
                || rules.getDuration().getRequired()
                || rules.getTimestamp().getRequired();
    }

    private static boolean isEntered(FieldDescriptor field, FieldRules rules) {
        return field.getJavaType() == JavaType.MESSAGE
                && !rules.getMessage().getSkip()
                && !isLeaf(field.getMessageType());
    }

    /** Google's own messages carry no rules; only an {@code Any} has something inside. */
    private static boolean isLeaf(Descriptor type) {
        return GoogleTypes.has(type) && !GoogleTypes.isAny(type);
    }
}
