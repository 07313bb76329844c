package dev.starling.runtime.codec.http2;

/**
 * What we allow the other side of a connection.
 *
 * @param maxConcurrentStreams streams it may have open; 0 says nothing of it
 * @param streamWindow bytes a stream may send ahead of its consumer
 * @param connectionWindow bytes of all streams that may be on the way
 * @param streamBufferLimit bytes of one stream that may wait to be sent to it
 * @param maxHeaderBytes names and values of one message, decoded
 * @param maxHeadersCount fields of one message
 * @param server whether we are the server of the connection
 */
public record Http2Settings(
        int maxConcurrentStreams,
        int streamWindow,
        int connectionWindow,
        int streamBufferLimit,
        int maxHeaderBytes,
        int maxHeadersCount,
        boolean server,
        FloodGuard.Limits floodLimits) {

    /** The decoder's dynamic table. */
    static final int HEADER_TABLE_BYTES = 4096;

    /** A header block as it comes, which may be coded larger than it is. */
    int maxBlockBytes() {
        return 2 * maxHeaderBytes;
    }

    int[] idsAndValues() {
        return server
                ? new int[] {
                    Frames.SETTINGS_MAX_CONCURRENT_STREAMS, maxConcurrentStreams,
                    Frames.SETTINGS_INITIAL_WINDOW_SIZE, streamWindow,
                    Frames.SETTINGS_MAX_HEADER_LIST_SIZE, maxHeaderBytes
                }
                : new int[] {
                    Frames.SETTINGS_ENABLE_PUSH, 0,
                    Frames.SETTINGS_INITIAL_WINDOW_SIZE, streamWindow,
                    Frames.SETTINGS_MAX_HEADER_LIST_SIZE, maxHeaderBytes
                };
    }
}
