package dev.starling.config.proto.encoded;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import dev.starling.config.proto.GoogleTypes;
import dev.starling.config.proto.MessageTypes;
import dev.starling.config.proto.encoded.EncodedField.Bound;
import dev.starling.config.proto.rules.CollectionRule;
import dev.starling.config.proto.rules.FieldPlan;
import dev.starling.config.proto.rules.MessagePlan;
import dev.starling.config.proto.rules.ValueRule;
import dev.starling.config.proto.support.FieldStatus.Honoured;
import dev.starling.config.proto.support.FieldSupport;
import envoy.annotations.Deprecation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the plan of a type from its rules and from what is supported of it. */
final class EncodedPlanner {

    /** Plans are arrays; Envoy's numbers are below 100. */
    private static final int MAX_NUMBER = 1_000;

    private final Descriptor type;
    private final MessagePlan rules;
    private final FieldSupport support;
    private final Map<FieldDescriptor, FieldPlan> ruled;
    private final List<FieldDescriptor> mustSet;

    EncodedPlanner(Descriptor type, MessagePlan rules, FieldSupport support) {
        this.type = type;
        this.rules = rules;
        this.support = support;
        this.ruled = rules.fields().stream().collect(Collectors.toMap(FieldPlan::field, Function.identity()));
        this.mustSet = support.mustSet(type);
    }

    EncodedPlan plan() {
        var all = type.getFields();
        int highest = highestNumber(all);
        if (all.size() > EncodedPlan.MAX_FIELDS || highest > MAX_NUMBER || type.isExtendable()) {
            return EncodedPlan.DOUBTFUL;
        }
        var fields = new EncodedField[highest + 1];
        var bounds = new ArrayList<Bound>();
        long mandatory = 0;
        for (var field : all) {
            var content = content(field);
            if (content != null) {
                var bound = bound(field, bounds.size());
                bound.ifPresent(bounds::add);
                fields[field.getNumber()] = EncodedField.of(field, bit(field), bound.orElse(null), content);
            }
            if (isMandatory(field)) {
                mandatory |= bit(field);
            }
        }
        return new EncodedPlan(
                fields,
                bounds,
                mandatory,
                rules.requiredOneofs().stream().mapToLong(EncodedPlanner::bits).toArray());
    }

    private static int highestNumber(List<FieldDescriptor> fields) {
        return fields.stream().mapToInt(FieldDescriptor::getNumber).max().orElse(0);
    }

    private static long bit(FieldDescriptor field) {
        return 1L << field.getIndex();
    }

    private static long bits(OneofDescriptor oneof) {
        return oneof.getFields().stream().mapToLong(EncodedPlanner::bit).reduce(0, (some, other) -> some | other);
    }

    /** Whether something would be said if it were not there. */
    private boolean isMandatory(FieldDescriptor field) {
        if (mustSet.contains(field)) {
            return true;
        }
        var plan = ruled.get(field);
        if (plan == null) {
            return false;
        }
        if (field.isRepeated()) {
            return plan.collection() != null && plan.collection().needsAny();
        }
        return field.hasPresence() ? plan.isRequired() : refusesDefault(field, plan.value());
    }

    private static boolean refusesDefault(FieldDescriptor field, @Nullable ValueRule rule) {
        return rule != null && rule.violation(field.getDefaultValue()) != null;
    }

    /** Whether what its rule asks can be told by how often it is there: not of elements in one piece, nor of keys that come twice. */
    private static boolean isCountable(FieldDescriptor field, CollectionRule rule) {
        return !rule.isUnique() && !(field.isPacked() && rule.hasBounds()) && !(field.isMapField() && rule.least() > 1);
    }

    private Optional<Bound> bound(FieldDescriptor field, int place) {
        var plan = ruled.get(field);
        return plan == null || plan.collection() == null || !plan.collection().hasBounds()
                ? Optional.empty()
                : Optional.of(new Bound(
                        place, plan.collection().least(), plan.collection().most()));
    }

    /** Null: the field leaves doubt wherever it is. */
    private @Nullable EncodedContent content(FieldDescriptor field) {
        var options = field.getOptions();
        if (options.getDeprecated()
                || options.getExtension(Deprecation.disallowedByDefault)
                || !(support.status(field) instanceof Honoured(var values))) {
            return null;
        }
        var plan = ruled.get(field);
        if (plan == null) {
            return field.isMapField() ? entry(field, null, null, values) : value(field, null, values);
        }
        if (plan.collection() != null && !isCountable(field, plan.collection())) {
            return null;
        }
        return field.isMapField() ? entry(field, plan.key(), plan.value(), values) : value(field, plan.value(), values);
    }

    private @Nullable EncodedContent value(FieldDescriptor field, @Nullable ValueRule rule, Set<String> values) {
        return switch (field.getType()) {
            case ENUM -> numbers(field, new EncodedContent.Choice(numbers(field, rule, values)));
            case MESSAGE -> message(field.getMessageType(), rule);
            case GROUP -> null;
            default -> numbers(field, new EncodedContent.Scalar(field.getLiteType(), rule));
        };
    }

    private static EncodedContent numbers(FieldDescriptor field, EncodedContent.Single each) {
        return field.isPacked() ? new EncodedContent.Packed(each) : each;
    }

    private Set<Integer> numbers(FieldDescriptor field, @Nullable ValueRule rule, Set<String> values) {
        var choices = field.getEnumType();
        return choices.getValues().stream()
                .map(value -> choices.findValueByNumber(value.getNumber())) // which of two names of one number counts
                .filter(value -> values.isEmpty() || values.contains(value.getName()))
                .filter(value -> !value.getOptions().getDeprecated())
                .filter(value -> rule == null || rule.violation(value) == null)
                .map(EnumValueDescriptor::getNumber)
                .filter(number -> number != 0 || !mustSet.contains(field))
                .collect(Collectors.toSet());
    }

    private static @Nullable EncodedContent message(Descriptor message, @Nullable ValueRule rule) {
        if (GoogleTypes.isAny(message)) {
            return new EncodedContent.Extension(rule);
        }
        if (!GoogleTypes.has(message)) {
            return rule == null ? new EncodedContent.Nested(message) : null;
        }
        if (rule == null) {
            return new EncodedContent.Opaque();
        }
        return MessageTypes.find(message.getFullName())
                .map(known -> new EncodedContent.Known(known.getParserForType(), rule))
                .orElse(null);
    }

    /** What an entry leaves out has its default, which is judged too; a message or a choice is left in doubt then. */
    private @Nullable EncodedContent entry(
            FieldDescriptor map, @Nullable ValueRule keyRule, @Nullable ValueRule valueRule, Set<String> values) {
        var key = map.getMessageType().findFieldByNumber(1);
        var value = map.getMessageType().findFieldByNumber(2);
        var keyContent = value(key, keyRule, Set.of());
        var valueContent = value(value, valueRule, values);
        if (keyContent == null || valueContent == null) {
            return null;
        }
        long mandatory = refusesDefault(key, keyRule) ? bit(key) : 0;
        boolean isInside = value.getJavaType() == JavaType.MESSAGE || value.getJavaType() == JavaType.ENUM;
        if (isInside || refusesDefault(value, valueRule)) {
            mandatory |= bit(value);
        }
        EncodedField[] fields = {
            null,
            EncodedField.of(key, bit(key), null, keyContent),
            EncodedField.of(value, bit(value), null, valueContent)
        };
        return new EncodedContent.Entry(new EncodedPlan(fields, List.of(), mandatory));
    }
}
