package dev.starling.xds.accesslog;

/** {@code access_logs.grpc_access_log.*}. */
public interface LogStreamStats {

    /** There was room for an entry. */
    void written();

    /** There was none. */
    void dropped();

    /** Entries are on their way. */
    void flushed(int entries);

    /** Entries have to wait, for the next attempt. */
    void flushFailed(int entries);
}
