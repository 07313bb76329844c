package dev.starling.config.accesslog;

import dev.starling.config.InvalidConfigException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * A parsed format string of Envoy's: literal text with operators such as {@code %REQ(X-ID?:PATH):20%} in it.
 *
 * @param segments in order; never two literals side by side; empty for the empty string
 */
public record FormatString(List<Segment> segments) {

    /** What Envoy writes when an access log names no format; ends with a newline. */
    public static final FormatString DEFAULT =
            known("[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\" %RESPONSE_CODE%"
                    + " %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
                    + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\""
                    + " \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\"\n");

    public FormatString {
        segments = List.copyOf(segments);
    }

    /** A piece of the format. */
    public sealed interface Segment {}

    /** Text that stands for itself, {@code %%} already made one. */
    public record Literal(String text) implements Segment {}

    /**
     * Something about the exchange or connection.
     *
     * @param argument what stood in parentheses; empty for nothing
     * @param maxLength in bytes; a longer value is cut
     */
    public record Operator(FormatOperator operator, String argument, OptionalInt maxLength) implements Segment {

        /** For {@code REQ}, {@code RESP} and {@code TRAILER}: the header to look for first, lower case. */
        public String header() {
            int mark = argument.indexOf('?');
            return (mark < 0 ? argument : argument.substring(0, mark)).toLowerCase(Locale.ROOT);
        }

        /** For {@code REQ}, {@code RESP} and {@code TRAILER}: the header to fall back to; empty for none. */
        public String alternativeHeader() {
            int mark = argument.indexOf('?');
            return mark < 0 ? "" : argument.substring(mark + 1).toLowerCase(Locale.ROOT);
        }
    }

    /** @throws InvalidConfigException with Envoy's words where Envoy refuses it too; its problem has an empty path */
    public static FormatString parse(String text) throws InvalidConfigException {
        return new FormatString(new FormatParser(text).parse());
    }

    /** Text without any operator; {@code %} stands for itself. */
    public static FormatString literal(String text) {
        return new FormatString(text.isEmpty() ? List.of() : List.of(new Literal(text)));
    }

    /** Whether the value does not depend on the exchange. */
    public boolean isLiteral() {
        return segments.stream().allMatch(Literal.class::isInstance);
    }

    private static FormatString known(String text) {
        try {
            return parse(text);
        } catch (InvalidConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
