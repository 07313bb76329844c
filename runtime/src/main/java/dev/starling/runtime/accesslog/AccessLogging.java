package dev.starling.runtime.accesslog;

import dev.starling.config.accesslog.AccessLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What access logs, header values and local replies of one proxy are made with. */
public record AccessLogging(EntryFilterFactory filters, FormatterFactory formatters, AccessLogWriter writer) {

    /**
     * The loggers of one listener or connection manager.
     *
     * @throws UncheckedIOException if a file cannot be opened; none is left open then
     */
    public List<AccessLogger> loggers(List<AccessLog> configs) {
        AccessLoggerFactory factory = new AccessLoggerFactory(filters, formatters, writer);
        List<AccessLogger> made = new ArrayList<>();
        try {
            for (AccessLog config : configs) {
                made.add(factory.create(config));
            }
        } catch (IOException failure) {
            made.forEach(AccessLogger::close);
            throw new UncheckedIOException(failure.getMessage(), failure);
        }
        return made;
    }
}
