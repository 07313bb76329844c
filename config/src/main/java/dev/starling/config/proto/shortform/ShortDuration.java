package dev.starling.config.proto.shortform;

import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;

/** Durations as HOCON writes them. */
final class ShortDuration {

    private static final Pattern PATTERN = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*([a-z]+)");
    private static final Map<String, String> SECONDS_OF = Map.ofEntries(
            Map.entry("ms", "0.001"),
            Map.entry("millis", "0.001"),
            Map.entry("milliseconds", "0.001"),
            Map.entry("s", "1"),
            Map.entry("second", "1"),
            Map.entry("seconds", "1"),
            Map.entry("m", "60"),
            Map.entry("minute", "60"),
            Map.entry("minutes", "60"),
            Map.entry("h", "3600"),
            Map.entry("hour", "3600"),
            Map.entry("hours", "3600"));

    private ShortDuration() {}

    /** {@code 0.25s} for {@code 250ms}. */
    static Optional<String> seconds(String text) {
        var matcher = PATTERN.matcher(text.strip());
        if (!matcher.matches() || !SECONDS_OF.containsKey(matcher.group(2))) {
            return Optional.empty();
        }
        var seconds = new BigDecimal(matcher.group(1)).multiply(new BigDecimal(SECONDS_OF.get(matcher.group(2))));
        return Optional.of(
                seconds.setScale(9, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString() + "s");
    }
}
