package dev.starling.config.accesslog;

import java.util.Optional;

/**
 * One access log: which entries it takes, how they look and where they go.
 *
 * @param filter empty for all entries
 */
public record AccessLog(Optional<AccessLogFilter> filter, Sink sink, Format format) {

    /** Where lines go. */
    public sealed interface Sink {
        record File(String path) implements Sink {}

        enum Stream implements Sink {
            STDOUT,
            STDERR
        }
    }

    /** How an entry is written. */
    public sealed interface Format {

        /** A format string, written as it is: no newline is added. */
        record Text(FormatString pattern, boolean omitEmptyValues) implements Format {}

        /** A JSON object and a newline. */
        record Json(JsonTemplate.Fields object, boolean omitEmptyValues) implements Format {}
    }
}
