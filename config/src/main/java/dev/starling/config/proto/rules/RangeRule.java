package dev.starling.config.proto.rules;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.starling.config.proto.TimeText;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Constant, bounds and lists over values with an order: numbers, durations, times. Where the lower bound is above the
 * upper one, the values between them are forbidden.
 */
final class RangeRule implements ValueRule {

    private final Comparator<Object> order;
    private final Function<Object, String> show;
    private final @Nullable Object constant;
    private final @Nullable Object lt;
    private final @Nullable Object lte;
    private final @Nullable Object gt;
    private final @Nullable Object gte;
    private final List<?> in;
    private final List<?> notIn;
    private final boolean ignoresZero;

    private RangeRule(RuleFields rules, Comparator<Object> order, Function<Object, String> show) {
        this.order = order;
        this.show = show;
        this.constant = rules.optional("const");
        this.lt = rules.optional("lt");
        this.lte = rules.optional("lte");
        this.gt = rules.optional("gt");
        this.gte = rules.optional("gte");
        this.in = rules.list("in");
        this.notIn = rules.list("not_in");
        this.ignoresZero = rules.isTrue("ignore_empty");
    }

    static RangeRule signed(RuleFields rules) {
        return new RangeRule(rules, RangeRule::compareSigned, RangeRule::showSigned);
    }

    static RangeRule unsigned(RuleFields rules) {
        return new RangeRule(rules, RangeRule::compareUnsigned, RangeRule::showUnsigned);
    }

    static RangeRule durations(RuleFields rules) {
        return new RangeRule(rules, RangeRule::compareDurations, value -> TimeText.of((Duration) value));
    }

    static RangeRule times(RuleFields rules) {
        return new RangeRule(rules, RangeRule::compareTimes, value -> TimeText.of((Timestamp) value));
    }

    @Override
    public @Nullable String violation(Object value) {
        if (ignoresZero && value instanceof Number number && number.doubleValue() == 0) {
            return null;
        }
        if (constant != null && order.compare(value, constant) != 0) {
            return "must be " + show.apply(constant);
        }
        String outside = outOfBounds(value);
        if (outside != null) {
            return outside;
        }
        if (!in.isEmpty() && !isAmong(in, value)) {
            return "must be one of " + shown(in);
        }
        return isAmong(notIn, value) ? "must not be one of " + shown(notIn) : null;
    }

    private @Nullable String outOfBounds(Object value) {
        boolean aboveLow = isAboveLow(value);
        boolean belowHigh = isBelowHigh(value);
        if (isExclusion()) {
            return aboveLow || belowHigh ? null : "must be " + high() + " or " + low();
        }
        if (!aboveLow) {
            return "must be " + low();
        }
        return belowHigh ? null : "must be " + high();
    }

    /** Whether the bounds cut a hole. */
    private boolean isExclusion() {
        Object from = gt != null ? gt : gte;
        Object to = lt != null ? lt : lte;
        return from != null && to != null && order.compare(from, to) > 0;
    }

    /** A NaN is on no side of anything, so it fails every bound. */
    private boolean isAboveLow(Object value) {
        if (isNaN(value)) {
            return gt == null && gte == null;
        }
        return (gt == null || order.compare(value, gt) > 0) && (gte == null || order.compare(value, gte) >= 0);
    }

    private boolean isBelowHigh(Object value) {
        if (isNaN(value)) {
            return lt == null && lte == null;
        }
        return (lt == null || order.compare(value, lt) < 0) && (lte == null || order.compare(value, lte) <= 0);
    }

    private String low() {
        return gt != null ? "greater than " + show.apply(gt) : "at least " + show.apply(gte == null ? "" : gte);
    }

    private String high() {
        return lt != null ? "less than " + show.apply(lt) : "at most " + show.apply(lte == null ? "" : lte);
    }

    private boolean isAmong(List<?> list, Object value) {
        return list.stream().anyMatch(each -> order.compare(value, each) == 0);
    }

    private String shown(List<?> list) {
        return list.stream().map(show).collect(Collectors.joining(", ", "[", "]"));
    }

    private static boolean isNaN(Object value) {
        return value instanceof Number number && Double.isNaN(number.doubleValue());
    }

    private static int compareDurations(Object one, Object other) {
        Duration a = (Duration) one;
        Duration b = (Duration) other;
        int order = Long.compare(a.getSeconds(), b.getSeconds());
        return order != 0 ? order : Integer.compare(a.getNanos(), b.getNanos());
    }

    private static int compareTimes(Object one, Object other) {
        Timestamp a = (Timestamp) one;
        Timestamp b = (Timestamp) other;
        int order = Long.compare(a.getSeconds(), b.getSeconds());
        return order != 0 ? order : Integer.compare(a.getNanos(), b.getNanos());
    }

    private static int compareSigned(Object a, Object b) {
        if (a instanceof Long || a instanceof Integer) {
            return Long.compare(((Number) a).longValue(), ((Number) b).longValue());
        }
        return Double.compare(((Number) a).doubleValue(), ((Number) b).doubleValue());
    }

    private static String showSigned(Object value) {
        double number = ((Number) value).doubleValue();
        return number == Math.rint(number) && Math.abs(number) < 1L << 53
                ? Long.toString((long) number)
                : value.toString();
    }

    private static int compareUnsigned(Object a, Object b) {
        return Long.compareUnsigned(widened(a), widened(b));
    }

    private static long widened(Object value) {
        return value instanceof Integer narrow ? Integer.toUnsignedLong(narrow) : ((Number) value).longValue();
    }

    private static String showUnsigned(Object value) {
        return Long.toUnsignedString(widened(value));
    }
}
