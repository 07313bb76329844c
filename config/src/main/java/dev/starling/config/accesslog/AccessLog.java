package dev.starling.config.accesslog;

import java.util.List;
import java.util.Optional;

/**
 * One access log: which entries it takes, and where they go.
 *
 * @param filter empty for all entries
 */
public record AccessLog(Optional<AccessLogFilter> filter, Destination destination) {

    /** Where entries go, and as what. */
    public sealed interface Destination {

        /** As text. */
        record Lines(Sink sink, Format format) implements Destination {}

        /**
         * As messages. Names of headers are in lower case.
         *
         * @param requestHeaders told of beyond those that always are
         */
        record Service(
                LogService service,
                List<String> requestHeaders,
                List<String> responseHeaders,
                List<String> responseTrailers)
                implements Destination {
            public Service {
                requestHeaders = List.copyOf(requestHeaders);
                responseHeaders = List.copyOf(responseHeaders);
                responseTrailers = List.copyOf(responseTrailers);
            }
        }
    }

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
