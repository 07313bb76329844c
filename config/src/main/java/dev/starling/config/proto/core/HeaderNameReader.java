package dev.starling.config.proto.core;

import dev.starling.config.HttpToken;
import dev.starling.config.proto.ValidationContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads names of headers. Stricter than Envoy, which takes any character but line ends and zero: a name that is no token
 * could not be sent without breaking the message apart, and none that is received could ever match it.
 */
public final class HeaderNameReader {

    private HeaderNameReader() {}

    /** In lower case; may be a pseudo-header. Null after a problem. */
    public static @Nullable String read(String written, ValidationContext context) {
        int start = written.startsWith(":") ? 1 : 0;
        if (written.length() == start) {
            context.problem("must be a header name");
            return null;
        }
        for (int i = start; i < written.length(); i++) {
            if (!HttpToken.isTokenChar(written.charAt(i))) {
                context.problem("must be a header name but has the character U+"
                        + String.format(Locale.ROOT, "%04X", (int) written.charAt(i)));
                return null;
            }
        }
        return written.toLowerCase(Locale.ROOT);
    }
}
