package dev.starling.config.proto.rules;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.starling.config.proto.GoogleTypes;
import dev.starling.config.proto.TypedConfig;
import io.envoyproxy.pgv.validate.Validate.FieldRules;
import org.jspecify.annotations.Nullable;

/** Makes the rule of a value from its annotation. */
final class RuleFactory {

    private RuleFactory() {}

    /** Null where the annotation asks nothing of a single value. */
    static @Nullable ValueRule of(FieldDescriptor field, FieldRules annotation) {
        var kind = annotation.getTypeCase();
        if (kind == FieldRules.TypeCase.TYPE_NOT_SET) {
            return null;
        }
        var rules = new RuleFields(
                (Message) annotation.getField(annotation.getDescriptorForType().findFieldByNumber(kind.getNumber())));
        return switch (kind) {
            case FLOAT, DOUBLE, INT32, INT64, SINT32, SINT64, SFIXED32, SFIXED64 ->
                unwrapping(field, RangeRule.signed(rules));
            case UINT32, UINT64, FIXED32, FIXED64 -> unwrapping(field, RangeRule.unsigned(rules));
            case BOOL -> unwrapping(field, bool(rules));
            case STRING -> unwrapping(field, new StringRule(rules));
            case BYTES -> unwrapping(field, new BytesRule(rules));
            case ENUM -> new EnumRule(field.getEnumType(), rules);
            case DURATION -> RangeRule.durations(rules);
            case TIMESTAMP -> RangeRule.times(rules);
            // Envoy's ExtensionConfigSource.config_source carries the rules of an Any by mistake.
            case ANY -> GoogleTypes.is(field, Any.getDefaultInstance()) ? any(rules) : null;
            case REPEATED, MAP, TYPE_NOT_SET -> null;
        };
    }

    /** Rules of a scalar also hold for what stands in a wrapper such as {@code UInt32Value}. */
    private static ValueRule unwrapping(FieldDescriptor field, ValueRule rule) {
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            return rule;
        }
        var inner = field.getMessageType().findFieldByName("value");
        return wrapper -> rule.violation(((Message) wrapper).getField(inner));
    }

    private static ValueRule bool(RuleFields rules) {
        return value -> rules.optional("const") instanceof Boolean constant && !constant.equals(value)
                ? "must be " + constant
                : null;
    }

    private static ValueRule any(RuleFields rules) {
        return value -> {
            var any = (Any) value;
            var in = rules.list("in");
            if (!in.isEmpty() && !in.contains(any.getTypeUrl())) {
                return "must be of one of the types " + in;
            }
            return rules.list("not_in").contains(any.getTypeUrl())
                    ? "must not be of type " + TypedConfig.typeName(any)
                    : null;
        };
    }
}
