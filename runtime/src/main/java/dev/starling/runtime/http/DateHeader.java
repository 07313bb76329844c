package dev.starling.runtime.http;

import dev.starling.runtime.time.Clock;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The date header (RFC 9110 6.6.1), rendered once a second. Confined to a loop. */
final class DateHeader {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Clock clock;
    private long second = Long.MIN_VALUE;
    private byte[] value = new byte[0];

    DateHeader(Clock clock) {
        this.clock = clock;
    }

    byte[] value() {
        long now = Math.floorDiv(clock.wallMillis(), 1000L);
        if (now != second) {
            second = now;
            value = FORMAT.format(Instant.ofEpochSecond(now)).getBytes(StandardCharsets.US_ASCII);
        }
        return value;
    }
}
