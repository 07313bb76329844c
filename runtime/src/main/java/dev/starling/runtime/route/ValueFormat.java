package dev.starling.runtime.route;

import dev.starling.config.accesslog.FormatString;

/**
 * The compiled format of a header's value: appends the value for one exchange, in wire form with one character a byte, and
 * nothing where there is none.
 */
@FunctionalInterface
public interface ValueFormat {

    void append(FormatContext context, StringBuilder to);

    /** Compiles formats; literals do not get here. */
    @FunctionalInterface
    interface Compiler {
        ValueFormat compile(FormatString format);
    }
}
