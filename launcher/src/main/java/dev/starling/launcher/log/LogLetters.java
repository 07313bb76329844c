package dev.starling.launcher.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What each letter of a {@link LogFormat} stands for: spdlog's letters and the two that Envoy adds. */
final class LogLetters {

    private LogLetters() {}

    /** Null: no such letter. */
    static LogFormat.@Nullable Part part(char letter, boolean escaped) {
        return switch (letter) {
            case 'v' ->
                escaped ? (event, line) -> escape(message(event), line) : (event, line) -> line.append(message(event));
            // Envoy's: the message on one line, and as the inside of a JSON string
            case '_', 'j' -> (event, line) -> escape(message(event), line);
            case 't' -> (event, line) -> line.append(Thread.currentThread().threadId());
            case 'P' -> (event, line) -> line.append(ProcessHandle.current().pid());
            case 'n' -> (event, line) -> line.append(LogComponent.of(event.getLoggerName()));
            case 'l' -> (event, line) -> line.append(level(event));
            case 'L' ->
                (event, line) -> line.append(Character.toUpperCase(level(event).charAt(0)));
            case 'g' -> (event, line) -> line.append(sourceFolder(event)).append(sourceFile(event));
            case 's' -> (event, line) -> line.append(sourceFile(event));
            case '#' -> (event, line) -> line.append(caller(event).getLineNumber());
            case '@' ->
                (event, line) -> line.append(sourceFolder(event))
                        .append(sourceFile(event))
                        .append(':')
                        .append(caller(event).getLineNumber());
            case '!' -> (event, line) -> line.append(caller(event).getMethodName());
            case 'E' -> (event, line) -> line.append(event.getInstant().getEpochSecond());
            // where a terminal's colours begin and end: a log in a file or a pipe has none
            case '^', '$' -> (event, line) -> {};
            default -> time(letter);
        };
    }

    private static LogFormat.@Nullable Part time(char letter) {
        String pattern = switch (letter) {
            case 'a' -> "EEE";
            case 'A' -> "EEEE";
            case 'b', 'h' -> "MMM";
            case 'B' -> "MMMM";
            case 'c' -> "EEE MMM d HH:mm:ss yyyy";
            case 'C' -> "yy";
            case 'Y' -> "yyyy";
            case 'D', 'x' -> "MM/dd/yy";
            case 'm' -> "MM";
            case 'd' -> "dd";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'e' -> "SSS";
            case 'f' -> "SSSSSS";
            case 'F' -> "SSSSSSSSS";
            case 'p' -> "a";
            case 'r' -> "hh:mm:ss a";
            case 'R' -> "HH:mm";
            case 'T', 'X' -> "HH:mm:ss";
            case 'z' -> "xxx";
            default -> "";
        };
        if (pattern.isEmpty()) {
            return null;
        }
        var formatter = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneId.systemDefault());
        return (event, line) -> formatter.formatTo(event.getInstant(), line);
    }

    private static String level(ILoggingEvent event) {
        return switch (event.getLevel().toInt()) {
            case Level.TRACE_INT -> "trace";
            case Level.DEBUG_INT -> "debug";
            case Level.WARN_INT -> "warning";
            case Level.ERROR_INT -> "error";
            default -> "info";
        };
    }

    private static String message(ILoggingEvent event) {
        var thrown = event.getThrowableProxy();
        String text = event.getFormattedMessage();
        return thrown == null
                ? text
                : text + "\n" + ThrowableProxyUtil.asString(thrown).stripTrailing();
    }

    private static StackTraceElement caller(ILoggingEvent event) {
        StackTraceElement[] frames = event.getCallerData();
        return frames.length == 0 ? new StackTraceElement(event.getLoggerName(), "", null, 0) : frames[0];
    }

    private static String sourceFile(ILoggingEvent event) {
        String file = caller(event).getFileName();
        return file == null ? "" : file;
    }

    private static String sourceFolder(ILoggingEvent event) {
        String type = caller(event).getClassName();
        int end = type.lastIndexOf('.');
        return end < 0 ? "" : type.substring(0, end + 1).replace('.', '/');
    }

    private static void escape(String text, StringBuilder line) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                default -> {
                    if (c < ' ') {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
    }
}
