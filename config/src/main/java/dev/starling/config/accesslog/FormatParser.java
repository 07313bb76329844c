package dev.starling.config.accesslog;

import dev.starling.config.HttpToken;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.accesslog.FormatString.Literal;
import dev.starling.config.accesslog.FormatString.Operator;
import dev.starling.config.accesslog.FormatString.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one format string as Envoy's {@code SubstitutionFormatParser} does: {@code %%} is a percent sign, and every other
 * one must open {@code %NAME%}, {@code %NAME(argument)%} or {@code %NAME(argument):length%}. An argument ends at the first
 * parenthesis after which the operator can end, so it may itself contain parentheses and percent signs.
 */
final class FormatParser {

    private static final Set<String> GRPC_STATUS_FORMS = Set.of("", "CAMEL_STRING", "SNAKE_STRING", "NUMBER");
    private static final Set<String> FILTER_STATE_FORMS = Set.of("TYPED", "PLAIN");
    private static final Set<String> PATH_QUERY = Set.of("", "WQ", "NQ");
    private static final Set<String> PATH_SOURCE = Set.of("", "ORIG", "PATH", "ORIG_OR_PATH");

    private final String text;
    private final List<Segment> segments = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();

    FormatParser(String text) {
        this.text = text;
    }

    List<Segment> parse() throws InvalidConfigException {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '%') {
                literal.append(c);
                at++;
            } else if (text.startsWith("%%", at)) {
                literal.append('%');
                at += 2;
            } else {
                at = operator(at);
            }
        }
        endLiteral();
        return segments;
    }

    private void endLiteral() {
        if (!literal.isEmpty()) {
            segments.add(new Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    /** Reads the operator that starts here; returns the place behind it. */
    private int operator(int start) throws InvalidConfigException {
        int nameEnd = start + 1;
        while (nameEnd < text.length() && isNameChar(text.charAt(nameEnd))) {
            nameEnd++;
        }
        if (nameEnd == start + 1) {
            throw noCommandAt(start);
        }
        String name = text.substring(start + 1, nameEnd);
        if (nameEnd < text.length() && text.charAt(nameEnd) == '(') {
            for (int close = text.indexOf(')', nameEnd);
                    close >= 0 && text.lastIndexOf('\n', close) < nameEnd;
                    close = text.indexOf(')', close + 1)) {
                var tail = Tail.at(text, close + 1);
                if (tail != null) {
                    add(name, text.substring(nameEnd + 1, close), tail.length());
                    return tail.end();
                }
            }
            throw noCommandAt(start);
        }
        var tail = Tail.at(text, nameEnd);
        if (tail == null) {
            throw noCommandAt(start);
        }
        add(name, "", tail.length());
        return tail.end();
    }

    private static boolean isNameChar(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    /** What follows name and argument: {@code %} or {@code :20%}. */
    private record Tail(OptionalInt length, int end) {

        static @Nullable Tail at(String text, int start) {
            if (text.startsWith("%", start)) {
                return new Tail(OptionalInt.empty(), start + 1);
            }
            if (!text.startsWith(":", start)) {
                return null;
            }
            long length = 0;
            int at = start + 1;
            for (; at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9'; at++) {
                length = Math.min(Integer.MAX_VALUE, length * 10 + text.charAt(at) - '0');
            }
            return at > start + 1 && text.startsWith("%", at) ? new Tail(OptionalInt.of((int) length), at + 1) : null;
        }
    }

    private void add(String name, String argument, OptionalInt length) throws InvalidConfigException {
        var operator = FormatOperator.named(name)
                .orElseThrow(() -> refused(
                        FormatOperator.envoyKnows(name)
                                ? "format operator " + name + " is not supported"
                                : "Not supported field in StreamInfo: " + name));
        switch (operator.argument()) {
            case NONE -> {
                if (!argument.isEmpty() || length.isPresent()) {
                    throw refused(name + " does not take any parameters or length");
                }
            }
            case REQUIRED -> {
                if (argument.isEmpty()) {
                    throw refused(name + " requires parameters");
                }
            }
            case HEADERS -> checkHeaders(name, argument);
            case OPTIONAL -> {}
        }
        if (length.isPresent() && !operator.takesLength()) {
            throw refused(name + " does not allow length to be specified.");
        }
        if (operator == FormatOperator.PATH) {
            checkPath(argument);
        }
        if (operator == FormatOperator.FILTER_STATE) {
            checkFilterState(argument);
        }
        if (operator == FormatOperator.GRPC_STATUS && !GRPC_STATUS_FORMS.contains(argument)) {
            throw refused("GrpcStatusFormatter only supports CAMEL_STRING, SNAKE_STRING or NUMBER.");
        }
        endLiteral();
        segments.add(new Operator(operator, argument, length));
    }

    private static void checkHeaders(String name, String argument) throws InvalidConfigException {
        if (argument.isEmpty()) {
            throw refused(name + " requires parameters");
        }
        if (argument.indexOf('?') != argument.lastIndexOf('?')) {
            throw refused("More than 1 alternative header specified in token: " + argument);
        }
        for (int i = 0; i < argument.length(); i++) {
            char c = argument.charAt(i);
            boolean opensPseudoHeader = c == ':' && (i == 0 || argument.charAt(i - 1) == '?');
            if (c != '?' && !opensPseudoHeader && !HttpToken.isTokenChar(c)) {
                throw refused("Invalid header configuration. Format string contains invalid characters.");
            }
        }
    }

    private static void checkPath(String argument) throws InvalidConfigException {
        int colon = argument.indexOf(':');
        String query = colon < 0 ? argument : argument.substring(0, colon);
        if (!PATH_QUERY.contains(query)) {
            throw refused("Invalid PATH option: '" + query + "', only 'WQ'/'NQ' are allowed");
        }
        if (colon >= 0 && !PATH_SOURCE.contains(argument.substring(colon + 1))) {
            throw refused("Invalid PATH option: '" + argument.substring(colon + 1)
                    + "', only 'ORIG'/'PATH'/'ORIG_OR_PATH' are allowed");
        }
    }

    private static void checkFilterState(String argument) throws InvalidConfigException {
        int colon = argument.indexOf(':');
        String name = colon < 0 ? argument : argument.substring(0, colon);
        if (!FormatOperator.KEPT_OBJECTS.contains(name)) {
            throw refused("filter state " + name + " is not supported");
        }
        if (colon >= 0 && !FILTER_STATE_FORMS.contains(argument.substring(colon + 1))) {
            throw refused("Invalid filter state serialize type, only support PLAIN/TYPED.");
        }
    }

    private InvalidConfigException noCommandAt(int position) {
        return refused("Incorrect configuration: " + text + ". Couldn't find valid command at position " + position);
    }

    private static InvalidConfigException refused(String message) {
        return new InvalidConfigException(Problem.at("", message));
    }
}
