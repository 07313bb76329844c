package dev.starling.runtime.http.filter.router;

import java.util.concurrent.TimeUnit;

/** Milliseconds in a header of a trusted client. */
final class Millis {

    private Millis() {}

    /** As nanoseconds; the fallback if it is not a number from 0 to 2^31. */
    static long parse(String text, long fallbackNanos) {
        if (text.isEmpty() || text.length() > 10) {
            return fallbackNanos;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return fallbackNanos;
            }
            value = value * 10 + digit;
        }
        return value > Integer.MAX_VALUE ? fallbackNanos : TimeUnit.MILLISECONDS.toNanos(value);
    }
}
