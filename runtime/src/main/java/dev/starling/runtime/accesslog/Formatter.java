package dev.starling.runtime.accesslog;

/**
 * A compiled format: a log entry, a header's value or a local reply's body. What it appends has one character a byte,
 * so that header values pass unchanged and ISO-8859-1 is the encoding to write it with; other texts are appended as
 * their UTF-8 bytes. Safe to use on all loops at once.
 */
public sealed interface Formatter permits TextFormatter, JsonFormatter {

    void format(StreamInfo info, HeaderView request, HeaderView response, StringBuilder out);
}
