package dev.starling.config.proto;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;

/** Durations and times in proto JSON's spelling. */
public final class TimeText {

    private TimeText() {}

    /** {@code 1s}, {@code 1.500s}: with three, six or nine digits, or none. */
    public static String of(Duration duration) {
        String sign = duration.getSeconds() < 0 || duration.getNanos() < 0 ? "-" : "";
        long seconds = Math.abs(duration.getSeconds());
        int nanos = Math.abs(duration.getNanos());
        return sign + seconds + fraction(nanos) + "s";
    }

    /** {@code 2026-01-31T12:00:00Z}. */
    public static String of(Timestamp time) {
        try {
            return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
        } catch (DateTimeException e) {
            return time.getSeconds() + "s after 1970";
        }
    }

    private static String fraction(int nanos) {
        if (nanos == 0) {
            return "";
        }
        if (nanos % 1_000_000 == 0) {
            return String.format(Locale.ROOT, ".%03d", nanos / 1_000_000);
        }
        return nanos % 1_000 == 0
                ? String.format(Locale.ROOT, ".%06d", nanos / 1_000)
                : String.format(Locale.ROOT, ".%09d", nanos);
    }
}
