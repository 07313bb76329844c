package dev.starling.runtime.accesslog;

import dev.starling.config.ByteCount;
import java.time.Duration;

/**
 * How lines get from the event loops into files.
 *
 * @param ring room for the lines of all logs that are not yet in a file's buffer, a power of two from 4 KiB to 1 GiB. A
 *     line that finds no room, or is longer than a quarter of it, is dropped and counted
 * @param flushInterval the longest that a line waits in a file's buffer: {@code --file-flush-interval-msec}
 * @param flushSize a buffer that holds as much is written at once: {@code --file-flush-min-size-kb}
 */
public record AccessLogSettings(ByteCount ring, Duration flushInterval, ByteCount flushSize) {

    public static final AccessLogSettings DEFAULT =
            new AccessLogSettings(ByteCount.mebibytes(1), Duration.ofSeconds(10), ByteCount.kibibytes(64));

    public AccessLogSettings {
        if (Long.bitCount(ring.bytes()) != 1 || ring.bytes() < 4096 || ring.bytes() > 1 << 30) {
            throw new IllegalArgumentException("ring must be a power of two from 4 KiB to 1 GiB: " + ring);
        }
    }
}
