package dev.starling.runtime.codec.http2;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What frames of the peer mean for its connection and the streams. Confined to the loop. */
final class ReceivedFrames extends FrameReader {

    private final Http2Connection connection;
    private final FloodGuard guard;
    private final BlockAssembly assembly;
    private final ReceiveWindow receiveWindow;
    private final SendQueue sendQueue;
    private int streamWindow = Frames.DEFAULT_WINDOW_BYTES;
    private boolean settingsSeen;

    ReceivedFrames(
            Http2Connection connection,
            FloodGuard guard,
            BlockAssembly assembly,
            ReceiveWindow receiveWindow,
            SendQueue sendQueue) {
        this.connection = connection;
        this.guard = guard;
        this.assembly = assembly;
        this.receiveWindow = receiveWindow;
        this.sendQueue = sendQueue;
    }

    /** How much the peer takes of a new stream. */
    int streamWindow() {
        return streamWindow;
    }

    @Override
    boolean wantsMore() {
        return !connection.over();
    }

    @Override
    void onData(int id, ByteBuf bytes, int flowBytes, boolean end) throws Http2Exception {
        try {
            receiveWindow.receive(flowBytes);
            Http2Stream stream = known(id);
            guard.data(bytes.readableBytes(), end);
            if (stream != null) {
                data(stream, bytes, flowBytes, end);
            }
            connection.refillWindow();
        } finally {
            bytes.release();
        }
    }

    private void data(Http2Stream stream, ByteBuf bytes, int flowBytes, boolean end) throws Http2Exception {
        if (stream.remoteEnded) {
            connection.streamError(stream, Http2Error.STREAM_CLOSED, "http2.data_after_end");
            return;
        }
        if (!stream.receive(flowBytes, bytes.readableBytes())) {
            connection.streamError(stream, Http2Error.FLOW_CONTROL_ERROR, "http2.window_exceeded");
            return;
        }
        receiveWindow.hold(bytes.readableBytes());
        stream.remoteEnded = end;
        stream.onData(bytes.retain(), end);
        if (end) {
            connection.ended(stream);
        }
    }

    /** The stream, null if its frames are to be dropped; the peer may not use those that are over, or not yet there. */
    private @Nullable Http2Stream known(int id) throws Http2Exception {
        Http2Stream stream = connection.stream(id);
        if (stream == null && !connection.dropped(id)) {
            throw connection.opened(id)
                    ? new Http2Exception(Http2Error.STREAM_CLOSED, "http2.frame_on_closed_stream")
                    : Http2Exception.protocol("http2.frame_on_idle_stream");
        }
        return stream;
    }

    @Override
    void onHeaders(int id, ByteBuf fragment, boolean first, boolean endStream, boolean endHeaders)
            throws Http2Exception {
        begun();
        if (first) {
            assembly.begin(endStream);
            if (!endHeaders) {
                connection.onBlockBegun(id);
            }
        } else if (endHeaders) {
            connection.onBlockEnded();
        }
        guard.headers(fragment.readableBytes(), endStream || endHeaders);
        assembly.add(fragment);
        if (endHeaders) {
            connection.onHeaders(id, assembly.decode(), assembly.endStream());
        }
    }

    @Override
    void onPriority(int id, int dependency) throws Http2Exception {
        begun();
        guard.priority(connection.streams());
        if (dependency == id) {
            Http2Stream stream = connection.stream(id);
            if (stream == null) {
                throw Http2Exception.protocol("http2.depends_on_itself");
            }
            connection.streamError(stream, Http2Error.PROTOCOL_ERROR, "http2.depends_on_itself");
        }
    }

    @Override
    void onReset(int id, Http2Error error) throws Http2Exception {
        begun();
        Http2Stream stream = connection.stream(id);
        if (stream == null) {
            if (!connection.opened(id)) {
                throw Http2Exception.protocol("http2.frame_on_idle_stream");
            }
            return;
        }
        connection.codecStats().rxReset.inc(connection.loop().stats());
        connection.close(stream);
        stream.onReset(connection.meaning(error), detail(error));
        guard.checkResets();
    }

    /** What the log says; nothing of a peer that changed its mind without blame. */
    private static String detail(Http2Error error) {
        return switch (error) {
            case NO_ERROR -> "";
            case REFUSED_STREAM -> "http2.remote_refuse";
            default -> "http2.remote_reset";
        };
    }

    @Override
    void onSetting(int id, long value) throws Http2Exception {
        settingsSeen = true;
        switch (id) {
            case Frames.SETTINGS_HEADER_TABLE_SIZE -> connection.encoder().tableBytes(value);
            case Frames.SETTINGS_ENABLE_PUSH, Frames.SETTINGS_ENABLE_CONNECT_PROTOCOL -> {
                if (value > 1) {
                    throw Http2Exception.protocol("http2.invalid_setting");
                }
            }
            case Frames.SETTINGS_INITIAL_WINDOW_SIZE -> {
                if (value > Integer.MAX_VALUE) {
                    throw new Http2Exception(Http2Error.FLOW_CONTROL_ERROR, "http2.invalid_setting");
                }
                resizeStreamWindows((int) value);
            }
            case Frames.SETTINGS_MAX_FRAME_SIZE -> {
                if (value < Frames.MAX_FRAME_BYTES || value > 0xff_ffff) {
                    throw Http2Exception.protocol("http2.invalid_setting");
                }
            }
            default -> {} // what nobody knows is ignored; the peer's header limit is advice
        }
        connection.onPeerSetting(id, value);
    }

    private void resizeStreamWindows(int size) throws Http2Exception {
        int change = size - streamWindow;
        streamWindow = size;
        for (Http2Stream stream : connection.allStreams()) {
            if ((long) stream.sendWindow + change > Integer.MAX_VALUE) {
                throw new Http2Exception(Http2Error.FLOW_CONTROL_ERROR, "http2.window_overflow");
            }
            stream.sendWindow += change;
        }
    }

    @Override
    void onSettings() {
        settingsSeen = true;
        connection.writer().settingsAck();
        for (Http2Stream stream : connection.allStreams()) {
            stream.sendWaiting(); // its window may have grown
        }
        connection.onPeerSettings();
    }

    @Override
    void onSettingsAck() throws Http2Exception {
        begun();
        assembly.settingsAcknowledged();
    }

    @Override
    void onPing(boolean ack, long data) throws Http2Exception {
        begun();
        if (!ack) {
            connection.writer().ping(true, data);
        } else {
            connection.pingAnswered();
        }
    }

    @Override
    void onGoAway(int lastStream, Http2Error error) throws Http2Exception {
        begun();
        connection.onGoAway(lastStream, error);
    }

    @Override
    void onWindowUpdate(int id, int increment) throws Http2Exception {
        begun();
        guard.windowUpdate();
        if (id == 0) {
            if (increment == 0) {
                throw Http2Exception.protocol("http2.window_update_of_nothing");
            }
            sendQueue.open(increment);
            sendQueue.resume(connection);
            return;
        }
        Http2Stream stream = connection.stream(id);
        if (stream == null) {
            if (!connection.opened(id)) {
                throw Http2Exception.protocol("http2.frame_on_idle_stream");
            }
            return; // may come late
        }
        if (increment == 0) {
            connection.streamError(stream, Http2Error.PROTOCOL_ERROR, "http2.window_update_of_nothing");
        } else if ((long) stream.sendWindow + increment > Integer.MAX_VALUE) {
            connection.streamError(stream, Http2Error.FLOW_CONTROL_ERROR, "http2.window_overflow");
        } else {
            stream.sendWindow += increment;
            stream.sendWaiting();
        }
    }

    /** The first frame must be SETTINGS (RFC 9113 3.4). */
    private void begun() throws Http2Exception {
        if (!settingsSeen) {
            throw Http2Exception.protocol("http2.settings_missing");
        }
    }
}
