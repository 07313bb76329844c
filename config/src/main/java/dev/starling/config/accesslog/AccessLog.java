package dev.starling.config.accesslog;

import java.util.List;

/**
 * One access log: which entries it takes, how they look and where they go.
 *
 * @param filter empty for all entries
 */
public record AccessLog(List<AccessLogFilter> filter, Sink sink, Format format) {

    public AccessLog {
        filter = List.copyOf(filter);
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
        /** Envoy's default format string. */
        enum Default implements Format {
            DEFAULT
        }

        /** A format string, written as it is: no newline is added. */
        record Text(String pattern) implements Format {}

        /**
         * A JSON object per line.
         *
         * @param object strings are format strings; maps and lists nest; numbers and booleans stand for themselves
         * @param omitEmptyValues leaves out what is unset, otherwise null
         */
        record Json(java.util.Map<String, Object> object, boolean omitEmptyValues) implements Format {}
    }
}
