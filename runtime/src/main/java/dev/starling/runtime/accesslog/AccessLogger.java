package dev.starling.runtime.accesslog;

/** One configured access log: what it takes, how it looks, where it goes. Used on all loops at once. */
public final class AccessLogger {

    private final EntryFilter filter;
    private final Formatter formatter;
    private final LogTarget target;

    public AccessLogger(EntryFilter filter, Formatter formatter, LogTarget target) {
        this.filter = filter;
        this.formatter = formatter;
        this.target = target;
    }

    /**
     * Logs an exchange or session that has ended. The scratch belongs to the caller's thread; what it holds is lost.
     */
    public void log(StreamInfo info, HeaderView request, HeaderView response, StringBuilder scratch) {
        if (filter.accepts(info, request)) {
            scratch.setLength(0);
            formatter.format(info, request, response, scratch);
            target.offer(scratch);
        }
    }

    /** When its listener is gone. */
    public void close() {
        target.close();
    }
}
