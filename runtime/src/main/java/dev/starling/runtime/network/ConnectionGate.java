package dev.starling.runtime.network;

import dev.starling.runtime.loop.Loop;
import java.time.Duration;

/** A network filter that stands before the terminal one and lets connections in or not, as one filter chain has it. */
public interface ConnectionGate {

    /** Whether it can be asked: not while it waits for its configuration. */
    default boolean configured() {
        return true;
    }

    /** Asked once for each connection, on its loop. */
    Admission admit(ConnectionOwner connection, Loop loop);

    /**
     * What becomes of the connection.
     *
     * @param passes to the next filter; otherwise it is closed
     * @param delay after which it is closed
     * @param atEnd when it has closed, on its loop
     */
    record Admission(boolean passes, Duration delay, Runnable atEnd) {

        private static final Admission OPEN = passing(() -> {});

        /** The gate has nothing to do with it. */
        public static Admission open() {
            return OPEN;
        }

        public static Admission passing(Runnable atEnd) {
            return new Admission(true, Duration.ZERO, atEnd);
        }

        public static Admission refused(Duration delay, Runnable atEnd) {
            return new Admission(false, delay, atEnd);
        }
    }
}
