package dev.starling.runtime.accesslog;

import dev.starling.config.accesslog.AccessLog;
import java.io.IOException;

/** Makes loggers from their configuration. */
public final class AccessLoggerFactory {

    private final EntryFilterFactory filters;
    private final FormatterFactory formatters;
    private final AccessLogWriter writer;

    public AccessLoggerFactory(EntryFilterFactory filters, FormatterFactory formatters, AccessLogWriter writer) {
        this.filters = filters;
        this.formatters = formatters;
        this.writer = writer;
    }

    /** @throws IOException in Envoy's words if the file cannot be opened */
    public AccessLogger create(AccessLog config) throws IOException {
        EntryFilter filter = config.filter().map(filters::filter).orElse((info, request) -> true);
        return new AccessLogger(filter, formatters.entry(config.format()), writer.open(config.sink()));
    }
}
