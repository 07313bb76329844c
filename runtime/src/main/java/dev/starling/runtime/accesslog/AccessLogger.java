package dev.starling.runtime.accesslog;

import dev.starling.runtime.loop.Loop;

/** One configured access log: what it takes, and where that goes. Used on all loops at once. */
public final class AccessLogger {

    private final EntryFilter filter;
    private final EntrySink sink;

    public AccessLogger(EntryFilter filter, EntrySink sink) {
        this.filter = filter;
        this.sink = sink;
    }

    /** Logs an exchange or session that has ended, on its loop. What the scratch holds is lost. */
    public void log(StreamInfo info, HeaderView request, HeaderView response, Loop loop, StringBuilder scratch) {
        if (filter.accepts(info, request)) {
            sink.log(info, request, response, loop, scratch);
        }
    }

    /** When its listener is gone. */
    public void close() {
        sink.close();
    }
}
