package dev.starling.launcher.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;

/** The process's log: where it goes and, by Envoy's component names, how much it says. Levels change while it runs. */
public final class Logging {

    private final LoggerContext context;
    private final LineAppender appender;
    private final SortedMap<String, LogLevel> levels = new TreeMap<>();

    private Logging(LoggerContext context, LineAppender appender) {
        this.context = context;
        this.appender = appender;
    }

    /**
     * Takes the log over.
     *
     * @param levels by component, over {@code level}
     * @throws IOException if the file cannot be opened
     */
    public static Logging start(
            LoggerContext context,
            LogFormat format,
            Optional<Path> path,
            OutputStream standardError,
            LogLevel level,
            Map<String, LogLevel> levels)
            throws IOException {
        var appender = new LineAppender(format, path, standardError);
        context.reset();
        appender.setContext(context);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);

        var logging = new Logging(context, appender);
        logging.setAll(level);
        levels.forEach(logging::set);
        return logging;
    }

    /** Envoy's components and their levels, sorted. */
    public synchronized SortedMap<String, LogLevel> levels() {
        return new TreeMap<>(levels);
    }

    /** Is there a component of this name? */
    public static boolean isComponent(String name) {
        return LogComponent.isKnown(name);
    }

    /** Every component; third-party libraries stay at warnings until {@code misc}, {@code io} or {@code dns} is set. */
    public synchronized void setAll(LogLevel level) {
        for (String component : LogComponent.names()) {
            levels.put(component, level);
            boolean ours = LogComponent.packages(component).stream().allMatch(name -> name.startsWith("dev.starling"));
            boolean quieter = component.equals(LogComponent.MISC) || !ours;
            apply(component, quieter && level.compareTo(LogLevel.WARNING) < 0 ? LogLevel.WARNING : level);
        }
    }

    /** One component. */
    public synchronized void set(String component, LogLevel level) {
        if (!LogComponent.isKnown(component)) {
            throw new IllegalArgumentException("no log component " + component);
        }
        levels.put(component, level);
        apply(component, level);
    }

    private void apply(String component, LogLevel level) {
        Level logback = logback(level);
        if (component.equals(LogComponent.MISC)) {
            context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(logback);
        }
        for (String name : LogComponent.packages(component)) {
            context.getLogger(name).setLevel(logback);
        }
    }

    private static Level logback(LogLevel level) {
        return switch (level) {
            case TRACE -> Level.TRACE;
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARNING -> Level.WARN;
            case ERROR -> Level.ERROR;
            // what is critical ends the process and is told on standard error, past the log
            case CRITICAL, OFF -> Level.OFF;
        };
    }

    /** Opens the log file anew, for whoever rotated it away. */
    public void reopen() throws IOException {
        appender.reopen();
    }
}
