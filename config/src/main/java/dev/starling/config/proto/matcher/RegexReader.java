package dev.starling.config.proto.matcher;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.starling.config.matcher.RegexCompiler;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Uint32Reader;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import org.jspecify.annotations.Nullable;

/** Compiles {@code safe_regex}: RE2 syntax, matched in time linear in the input. */
@SuppressWarnings("deprecation") // Envoy still reads its deprecated fields, and so do we
public final class RegexReader {

    /**
     * Instructions of a compiled pattern. A match takes at most this many steps for each character, so 8 KiB of path cost
     * at most some tenths of a second. Envoy has no bound of its own; a pattern of a hundred host names stays below.
     */
    public static final int MAX_PROGRAM_SIZE = 5_000;

    private RegexReader() {}

    /** Null after a problem. */
    public static @Nullable Pattern read(RegexMatcher message, ValidationContext context) {
        var at = context.field("regex");
        if (message.getRegex().isEmpty()) {
            at.problem("must not be empty");
            return null;
        }
        try {
            var pattern = RegexCompiler.compile(message.getRegex());
            long bound = bound(message);
            if (pattern.programSize() <= bound) {
                return pattern;
            }
            at.problem("regex program size of " + pattern.programSize() + " > max program size of " + bound);
        } catch (PatternSyntaxException e) {
            at.problem(e.getDescription() + ": " + e.getPattern());
        }
        return null;
    }

    private static long bound(RegexMatcher message) {
        return Math.min(
                MAX_PROGRAM_SIZE,
                Uint32Reader.longOr(
                        MAX_PROGRAM_SIZE,
                        message.getGoogleRe2().hasMaxProgramSize(),
                        message.getGoogleRe2().getMaxProgramSize()));
    }
}
