package dev.starling.runtime.accesslog;

/** One operator of a format, ready to run. */
interface Field {

    /** Appends the value; false, with nothing appended, if there is none. */
    boolean append(StreamInfo info, HeaderView request, HeaderView response, StringBuilder out);

    /** Whether the value is JSON already and takes no quotes. */
    default boolean isJson() {
        return false;
    }
}
