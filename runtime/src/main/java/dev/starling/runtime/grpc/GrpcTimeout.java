package dev.starling.runtime.grpc;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code grpc-timeout} header, in milliseconds as Envoy reckons, and what becomes of it (Envoy: {@code
 * Grpc::Common::getGrpcTimeout}, {@code FilterUtility::finalTimeout}, {@code ActiveStream::refreshDurationTimeout}).
 */
public final class GrpcTimeout {

    /** No header, or none that can be understood. */
    public static final long NONE = -1;

    /** A timeout has eight digits at most. */
    private static final long MAX_VALUE = 99_999_999;

    private GrpcTimeout() {}

    /** Parts of a millisecond are rounded up; what is malformed is as if it were not there. */
    public static long parseMillis(@Nullable String header) {
        int last = header == null ? -1 : header.length() - 1;
        if (header == null || last < 1) {
            return NONE;
        }
        String digits = header.substring(0, last).strip();
        if (digits.isEmpty()) {
            return NONE;
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return NONE;
            }
            value = value * 10 + digit;
            if (value > MAX_VALUE) {
                return NONE;
            }
        }
        return switch (header.charAt(last)) {
            case 'H' -> value * 3_600_000;
            case 'M' -> value * 60_000;
            case 'S' -> value * 1_000;
            case 'm' -> value;
            case 'u' -> (value + 999) / 1_000;
            case 'n' -> (value + 999_999) / 1_000_000;
            default -> NONE;
        };
    }

    /** In the smallest unit, from milliseconds up, in which it has eight digits. */
    public static String text(long millis) {
        if (millis <= MAX_VALUE) {
            return millis + "m";
        }
        long seconds = millis / 1_000;
        if (seconds <= MAX_VALUE) {
            return seconds + "S";
        }
        long minutes = seconds / 60;
        return minutes <= MAX_VALUE ? minutes + "M" : Math.min(minutes / 60, MAX_VALUE) + "H";
    }

    /**
     * The router's timeout where {@code max_grpc_timeout} is set; 0 for none.
     *
     * @param asked as parsed, {@link #NONE} included
     * @param max zero: without an upper bound
     */
    public static long ofRouter(long asked, Duration max, Optional<Duration> offset) {
        long millis = Math.max(0, asked);
        long less = offset.map(Duration::toMillis).orElse(0L);
        if (less < millis) { // or nothing would be left, which means for ever
            millis -= less;
        }
        long most = max.toMillis();
        return most != 0 && (millis == 0 || millis > most) ? most : millis;
    }

    /**
     * How long the whole stream may take where {@code grpc_timeout_header_max} is set; 0 is over at once.
     *
     * @param asked what the header says
     * @param max zero: without an upper bound
     */
    public static long ofStream(long asked, Duration max, Optional<Duration> offset) {
        long most = max.toMillis();
        long millis = most != 0 && asked > most ? most : asked;
        return Math.max(0, millis - offset.map(Duration::toMillis).orElse(0L));
    }
}
