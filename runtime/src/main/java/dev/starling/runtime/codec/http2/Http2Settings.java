package dev.starling.runtime.codec.http2;

import dev.starling.config.http.Http2Options;
import dev.starling.config.http.Http2Options.Setting;
import java.util.ArrayList;
import java.util.List;

/**
 * What we allow the other side of a connection.
 *
 * @param streamBufferLimit bytes of one stream that may wait to be sent to it
 * @param maxHeaderBytes names and values of one message, decoded
 * @param maxHeadersCount fields of one message
 * @param server whether we are the server of the connection
 */
public record Http2Settings(
        Http2Options options, int streamBufferLimit, int maxHeaderBytes, int maxHeadersCount, boolean server) {

    /** Bytes of one stream that wait to be sent, if no smaller limit is configured. */
    private static final int STREAM_BUFFER_BYTES = 64 * 1024;

    /** Bytes of a client's streams that may wait for their readers before its connection is not read on. */
    private static final int HELD_BYTES = 16 << 20;

    /** The same of an endpoint's, whose streams are of many clients. */
    private static final int HELD_BYTES_OF_ENDPOINT = 64 << 20;

    /** @param connectionBufferLimit {@code per_connection_buffer_limit_bytes} */
    public static Http2Settings of(
            Http2Options options, int connectionBufferLimit, int maxHeaderBytes, int maxHeadersCount, boolean server) {
        return new Http2Settings(
                server ? options : options.withStreamWindow(Math.min(options.streamWindow(), connectionBufferLimit)),
                Math.min(connectionBufferLimit, STREAM_BUFFER_BYTES),
                maxHeaderBytes,
                maxHeadersCount,
                server);
    }

    int heldLimit() {
        return server ? HELD_BYTES : HELD_BYTES_OF_ENDPOINT;
    }

    int streamWindow() {
        return options.streamWindow();
    }

    int connectionWindow() {
        return options.connectionWindow();
    }

    /** A header block as it comes, which may be coded larger than it is. */
    int maxBlockBytes() {
        return 2 * maxHeaderBytes;
    }

    /** What our first frame says. */
    List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        settings.add(new Setting(Frames.SETTINGS_HEADER_TABLE_SIZE, options.headerTableBytes()));
        if (server) {
            settings.add(new Setting(Frames.SETTINGS_ENABLE_CONNECT_PROTOCOL, options.allowConnect() ? 1 : 0));
            settings.add(new Setting(Frames.SETTINGS_MAX_CONCURRENT_STREAMS, options.maxConcurrentStreams()));
        } else {
            settings.add(new Setting(Frames.SETTINGS_ENABLE_PUSH, 0));
        }
        settings.add(new Setting(Frames.SETTINGS_INITIAL_WINDOW_SIZE, options.streamWindow()));
        settings.add(new Setting(Frames.SETTINGS_MAX_HEADER_LIST_SIZE, maxHeaderBytes));
        settings.addAll(options.customSettings());
        return settings;
    }
}
