package dev.starling.runtime.accesslog;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * A moment in a format of strftime with Envoy's parts of a second, in UTC. All but those parts is written once a second
 * and kept; loops that race for it write the same.
 */
final class TimeFormat {

    /** Envoy's, for {@code START_TIME} without an argument. */
    static final String ISO = "%Y-%m-%dT%H:%M:%E3SZ";

    private static final long NANOS_A_SECOND = 1_000_000_000;

    /** What stands between the parts of a second. */
    private record Second(long epochSecond, List<String> texts) {}

    /** What stands between two parts of a second: literals and the letters of conversions. */
    private final List<List<CalendarField>> texts = new ArrayList<>();

    private final List<SecondFraction> fractions = new ArrayList<>();

    private volatile Second latest = new Second(Long.MIN_VALUE, List.of());

    TimeFormat(String pattern) {
        List<CalendarField> text = new ArrayList<>();
        for (int at = 0; at < pattern.length(); ) {
            if (pattern.charAt(at) != '%' || at + 1 == pattern.length()) {
                text.add(CalendarField.literal(pattern.charAt(at++)));
                continue;
            }
            int end = at + 1;
            boolean extended = pattern.charAt(end) == 'E' && end + 1 < pattern.length();
            if (extended) {
                end++;
            }
            char digits = pattern.charAt(end);
            boolean sized =
                    ((digits >= '1' && digits <= '9') || (extended && digits == '*')) && end + 1 < pattern.length();
            char conversion = pattern.charAt(sized ? end + 1 : end);
            boolean fraction = conversion == 'f' || (sized && extended && conversion == 'S');
            if (fraction) {
                if (conversion == 'S') {
                    text.add(CalendarField.of('S', false));
                }
                fractions.add(new SecondFraction(!sized ? 9 : digits == '*' ? 0 : digits - '0', conversion == 'S'));
                texts.add(text);
                text = new ArrayList<>();
                at = end + (sized ? 2 : 1);
            } else {
                text.add(CalendarField.of(pattern.charAt(end), extended));
                at = end + 1;
            }
        }
        texts.add(text);
    }

    void append(long epochNanos, StringBuilder out) {
        long epochSecond = Math.floorDiv(epochNanos, NANOS_A_SECOND);
        Second second = latest;
        if (second.epochSecond != epochSecond) {
            second = write(epochSecond);
            latest = second;
        }
        int nanos = (int) (epochNanos - epochSecond * NANOS_A_SECOND);
        for (int i = 0; i < second.texts.size(); i++) {
            out.append(second.texts.get(i));
            if (i < fractions.size()) {
                fractions.get(i).append(nanos, out);
            }
        }
    }

    private Second write(long epochSecond) {
        LocalDateTime moment = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
        List<String> written = new ArrayList<>(texts.size());
        for (List<CalendarField> text : texts) {
            StringBuilder out = new StringBuilder();
            text.forEach(field -> field.append(moment, out));
            written.add(Utf8Chars.of(out.toString()));
        }
        return new Second(epochSecond, List.copyOf(written));
    }

    /**
     * Digits after the decimal point.
     *
     * @param digits 0 for as many as there are
     * @param withPoint whether the point is written too
     */
    private record SecondFraction(int digits, boolean withPoint) {

        void append(int nanos, StringBuilder out) {
            if (withPoint && (digits > 0 || nanos > 0)) {
                out.append('.');
            }
            int rest = nanos;
            int unit = 100_000_000;
            for (int i = 0; digits > 0 ? i < digits : rest > 0; i++) {
                out.append((char) ('0' + rest / unit));
                rest %= unit;
                unit /= 10;
            }
        }
    }
}
