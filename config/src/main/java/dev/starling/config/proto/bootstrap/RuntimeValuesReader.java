package dev.starling.config.proto.bootstrap;

import com.google.protobuf.Struct;
import com.google.protobuf.TextFormat;
import com.google.protobuf.Value;
import com.google.re2j.Pattern;
import dev.starling.config.FractionalPercent;
import dev.starling.config.bootstrap.RuntimeResource;
import dev.starling.config.bootstrap.RuntimeValue;
import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.service.runtime.v3.Runtime;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads a struct of runtime values into keys. A struct inside is a prefix of keys, {@code a: {b: 1}} being {@code a.b: 1},
 * unless it is empty or has the fields of a fraction.
 */
public final class RuntimeValuesReader {

    private static final Pattern WHOLE = Pattern.compile("(number_value: -?\\d+)\\.0$", Pattern.MULTILINE);

    private final Map<String, RuntimeValue> values = new LinkedHashMap<>();
    private final DoubleFunction<String> numbers;

    /** @param numbers how they are shown */
    private RuntimeValuesReader(DoubleFunction<String> numbers) {
        this.numbers = numbers;
    }

    /** Null after a problem. */
    public static @Nullable RuntimeResource read(Runtime message, ValidationContext context) {
        var values = read(message.getLayer(), RuntimeValuesReader::shortened, context.field("layer"));
        return context.failed() ? null : new RuntimeResource(message.getName(), values);
    }

    /** Of a text, in which Envoy reads as numbers only what fits into 32 bits, and shows the rest as it was written. */
    static Map<String, RuntimeValue> readText(Struct struct, ValidationContext context) {
        return read(struct, RuntimeValuesReader::written, context);
    }

    private static Map<String, RuntimeValue> read(
            Struct struct, DoubleFunction<String> numbers, ValidationContext context) {
        var reader = new RuntimeValuesReader(numbers);
        reader.flatten("", struct, context);
        return reader.values;
    }

    private void flatten(String prefix, Struct struct, ValidationContext context) {
        struct.getFieldsMap().forEach((name, value) -> put(prefix + name, value, context.field(name)));
    }

    private void put(String key, Value value, ValidationContext context) {
        switch (value.getKindCase()) {
            case NUMBER_VALUE ->
                values.put(key, RuntimeValue.number(value.getNumberValue(), numbers.apply(value.getNumberValue())));
            case BOOL_VALUE ->
                values.put(key, RuntimeValue.truth(value.getBoolValue(), String.valueOf(value.getBoolValue())));
            case STRING_VALUE -> values.put(key, RuntimeValue.text(value.getStringValue()));
            case STRUCT_VALUE -> {
                var struct = value.getStructValue();
                if (isPrefix(struct)) {
                    flatten(key + ".", struct, context);
                } else {
                    values.put(key, share(struct, shown(struct)));
                }
            }
            case LIST_VALUE, NULL_VALUE, KIND_NOT_SET -> context.problem("Invalid runtime entry value for " + key);
        }
    }

    /** As Envoy's library prints it: whole numbers without a point. */
    private static String shown(Struct struct) {
        return WHOLE.matcher(TextFormat.printer().printToString(struct)).replaceAll("$1");
    }

    private static boolean isPrefix(Struct struct) {
        return struct.getFieldsCount() > 0
                && !struct.containsFields("numerator")
                && !struct.containsFields("denominator");
    }

    /** As C prints a number, {@code %g}: 6 digits, and none that say nothing. */
    private static String shortened(double number) {
        String text = String.format(Locale.ROOT, "%g", number);
        if (number == 0 || (Math.abs(number) >= 1e-4 && Math.abs(number) < 1e6)) {
            var rounded = new BigDecimal(number).round(new MathContext(6));
            return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
        }
        int exponent = text.indexOf('e');
        return exponent < 0
                ? text
                : new BigDecimal(text.substring(0, exponent))
                                .stripTrailingZeros()
                                .toPlainString()
                        + text.substring(exponent);
    }

    private static String written(double number) {
        return number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE
                ? shortened(number)
                : new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }

    private static RuntimeValue share(Struct struct, String text) {
        return RuntimeValue.share(
                struct.getFieldsCount() == 0
                        ? Optional.empty()
                        : Optional.of(fraction(
                                field(struct, "numerator").getNumberValue(),
                                field(struct, "denominator").getStringValue())),
                text);
    }

    private static Value field(Struct struct, String name) {
        return struct.getFieldsOrDefault(name, Value.getDefaultInstance());
    }

    /** Envoy takes a hundred for a denominator it does not know, and nothing for a numerator that is not there. */
    static FractionalPercent fraction(double numerator, String denominator) {
        return new FractionalPercent(
                (int) Math.clamp(numerator, 0, Integer.MAX_VALUE),
                switch (denominator) {
                    case "TEN_THOUSAND" -> 10_000;
                    case "MILLION" -> 1_000_000;
                    default -> 100;
                },
                "");
    }
}
