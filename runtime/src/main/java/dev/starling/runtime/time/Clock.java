package dev.starling.runtime.time;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The two clocks of the proxy, passed in so that tests can hold them.
 *
 * @param nanos monotonic, arbitrary origin, for durations and deadlines
 * @param wall for logs and headers
 */
public record Clock(LongSupplier nanos, InstantSource wall) {

    public static final Clock SYSTEM = new Clock(System::nanoTime, InstantSource.system());

    public long nanoTime() {
        return nanos.getAsLong();
    }

    public long wallMillis() {
        return wall.millis();
    }
}
