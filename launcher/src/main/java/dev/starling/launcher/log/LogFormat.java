package dev.starling.launcher.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * A line format in spdlog's syntax, as {@code --log-format} takes it: a {@code %}, an optional width ({@code 8} pads on the
 * left, {@code -8} on the right, {@code =8} on both sides, a {@code !} after it cuts what is longer), and a letter.
 */
public final class LogFormat {

    /** Envoy's. */
    public static final String ENVOY = "[%Y-%m-%d %T.%e][%t][%l][%n] [%g:%#] %v";

    private static final int WIDEST = 64;

    /** Appends one part of the line. */
    @FunctionalInterface
    interface Part {
        void append(ILoggingEvent event, StringBuilder line);
    }

    private final String pattern;
    private final List<Part> parts;

    private LogFormat(String pattern, List<Part> parts) {
        this.pattern = pattern;
        this.parts = List.copyOf(parts);
    }

    /**
     * Unknown letters stay in the line as they are, as spdlog leaves them.
     *
     * @param escaped whether control characters of the message are written as in C, so that a message is one line
     */
    public static LogFormat of(String pattern, boolean escaped) {
        var parts = new ArrayList<Part>();
        var literal = new StringBuilder();
        for (int at = 0; at < pattern.length(); at++) {
            char c = pattern.charAt(at);
            if (c != '%' || at + 1 == pattern.length()) {
                literal.append(c);
                continue;
            }
            var padding = Padding.at(pattern, at + 1);
            if (padding.end() >= pattern.length()) {
                literal.append(pattern, at, pattern.length());
                break;
            }
            char letter = pattern.charAt(padding.end());
            Part part = LogLetters.part(letter, escaped);
            if (part == null) {
                literal.append(letter == '%' ? "%" : pattern.substring(at, padding.end() + 1));
            } else {
                addLiteral(parts, literal);
                parts.add(padding.width() == 0 ? part : padding.around(part));
            }
            at = padding.end();
        }
        addLiteral(parts, literal);
        return new LogFormat(pattern, parts);
    }

    private static void addLiteral(List<Part> parts, StringBuilder literal) {
        if (!literal.isEmpty()) {
            String text = literal.toString();
            parts.add((event, line) -> line.append(text));
            literal.setLength(0);
        }
    }

    /** As it was given. */
    public String pattern() {
        return pattern;
    }

    /** One entry, without its line end. */
    public String line(ILoggingEvent event) {
        var line = new StringBuilder(160);
        for (Part part : parts) {
            part.append(event, line);
        }
        return line.toString();
    }

    /** @param end where the letter stands */
    private record Padding(char align, int width, boolean cut, int end) {

        static Padding at(String pattern, int start) {
            int at = start;
            char align = '+';
            if (at < pattern.length() && (pattern.charAt(at) == '-' || pattern.charAt(at) == '=')) {
                align = pattern.charAt(at++);
            }
            int width = 0;
            int digits = at;
            while (at < pattern.length() && Character.isDigit(pattern.charAt(at))) {
                width = Math.min(WIDEST, width * 10 + Character.digit(pattern.charAt(at++), 10));
            }
            if (at == digits) {
                return new Padding('+', 0, false, start);
            }
            boolean cut = at < pattern.length() && pattern.charAt(at) == '!';
            return new Padding(align, width, cut, cut ? at + 1 : at);
        }

        Part around(Part part) {
            return (event, line) -> {
                int from = line.length();
                part.append(event, line);
                int missing = width - (line.length() - from);
                if (missing < 0 && cut) {
                    line.setLength(from + width);
                } else if (missing > 0) {
                    int before = align == '-' ? 0 : align == '=' ? missing / 2 : missing;
                    line.insert(from, " ".repeat(before)).append(" ".repeat(missing - before));
                }
            };
        }
    }
}
