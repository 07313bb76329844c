package dev.starling.runtime.accesslog;

import dev.starling.config.accesslog.AccessLog;
import dev.starling.config.accesslog.AccessLog.Destination;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What access logs, header values and local replies of one proxy are made with. */
public record AccessLogging(
        EntryFilterFactory filters, FormatterFactory formatters, AccessLogWriter writer, LogServices services) {

    /**
     * The loggers of one listener or connection manager.
     *
     * @throws UncheckedIOException in Envoy's words if a file cannot be opened; none is left open then
     */
    public List<AccessLogger> loggers(List<AccessLog> configs) {
        List<AccessLogger> made = new ArrayList<>();
        try {
            for (AccessLog config : configs) {
                made.add(logger(config));
            }
        } catch (IOException failure) {
            made.forEach(AccessLogger::close);
            throw new UncheckedIOException(failure.getMessage(), failure);
        }
        return made;
    }

    private AccessLogger logger(AccessLog config) throws IOException {
        EntryFilter filter = config.filter().map(filters::filter).orElse((info, request) -> true);
        EntrySink sink = switch (config.destination()) {
            case Destination.Lines(var target, var format) ->
                new LineSink(formatters.entry(format), writer.open(target));
            case Destination.Service service -> services.open(service);
        };
        return new AccessLogger(filter, sink);
    }
}
