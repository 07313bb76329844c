package dev.starling.config.proto.print;

import java.io.IOException;

/** Floating-point numbers in JSON's spelling. */
final class NumberText {

    /** Up to here every integer has a double of its own. */
    private static final double EXACT = 1L << 53;

    private NumberText() {}

    /** @param digits the shortest that mean the value; 5 rather than 5.0 for a whole number */
    static void write(double value, String digits, TreeWriter out) throws IOException {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            out.string(digits);
        } else if (value == Math.rint(value) && Math.abs(value) < EXACT) {
            out.literal(Long.toString((long) value));
        } else {
            out.literal(digits);
        }
    }
}
