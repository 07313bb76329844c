package dev.starling.config.proto.core;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.accesslog.FormatString;
import dev.starling.config.proto.ValidationContext;
import org.jspecify.annotations.Nullable;

/** Parses the format strings of access logs, local replies and header values. */
public final class FormatReader {

    private FormatReader() {}

    /** Null after a problem. */
    public static @Nullable FormatString read(String text, ValidationContext context) {
        try {
            return FormatString.parse(text);
        } catch (InvalidConfigException e) {
            e.problems().forEach(problem -> context.problem(problem.message()));
            return null;
        }
    }
}
