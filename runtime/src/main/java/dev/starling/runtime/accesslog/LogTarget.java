package dev.starling.runtime.accesslog;

/** Where the lines of one access log go. */
public interface LogTarget {

    /**
     * From any thread, without waiting: takes a line, or drops and counts it.
     *
     * @param line as a {@link Formatter} makes it, one character a byte; not kept
     */
    void offer(StringBuilder line);

    /** Gives the target back; the file is closed with its last user. No line may follow. */
    void close();
}
