package dev.starling.launcher;

import java.io.Serial;

/** A command line that cannot be followed; its message is one line for the person who typed it. */
public final class BadFlagException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String complaint;

    BadFlagException(String complaint) {
        super(complaint);
        this.complaint = complaint;
    }

    /** One line. */
    public String complaint() {
        return complaint;
    }
}
