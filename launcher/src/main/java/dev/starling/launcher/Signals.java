package dev.starling.launcher;

import java.util.function.Consumer;
import sun.misc.Signal;

/** The signals of a server process, where the system has them. The JDK has no other way to take one without ending. */
final class Signals {

    private Signals() {}

    /** Takes a signal over; the handler gets its name without SIG. */
    static void handle(String name, Consumer<String> handler) {
        try {
            Signal.handle(new Signal(name), signal -> handler.accept(signal.getName()));
        } catch (IllegalArgumentException e) {
            // not known to this system, or kept by a JVM that runs with -Xrs: then its own meaning stays
        }
    }
}
