package dev.starling.config.proto.rules;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code EnumRules}. */
final class EnumRule implements ValueRule {

    private final EnumDescriptor type;
    private final RuleFields rules;

    EnumRule(EnumDescriptor type, RuleFields rules) {
        this.type = type;
        this.rules = rules;
    }

    @Override
    public @Nullable String violation(Object value) {
        int number = ((EnumValueDescriptor) value).getNumber();
        if (rules.optional("const") instanceof Integer constant && number != constant) {
            return "must be " + name(constant);
        }
        if (rules.isTrue("defined_only") && type.findValueByNumber(number) == null) {
            return number + " is not a value of enum " + type.getFullName();
        }
        var in = rules.list("in");
        if (!in.isEmpty() && !in.contains(number)) {
            return "must be one of " + names(in);
        }
        var notIn = rules.list("not_in");
        return notIn.contains(number) ? "must not be one of " + names(notIn) : null;
    }

    private String names(List<?> numbers) {
        return numbers.stream().map(number -> name((Integer) number)).collect(Collectors.joining(", ", "[", "]"));
    }

    private String name(int number) {
        var value = type.findValueByNumber(number);
        return value == null ? String.valueOf(number) : value.getName();
    }
}
