package dev.starling.runtime.codec.http2;

import java.util.ArrayDeque;

/** The window that the peer gives all streams together, and the streams that wait for it or for the socket, in order. */
final class SendQueue {

    private final ArrayDeque<Http2Stream> waiting = new ArrayDeque<>();
    private int room = Frames.DEFAULT_WINDOW_BYTES;

    int room() {
        return room;
    }

    void spend(int bytes) {
        room -= bytes;
    }

    void open(int bytes) throws Http2Exception {
        if ((long) room + bytes > Integer.MAX_VALUE) {
            throw new Http2Exception(Http2Error.FLOW_CONTROL_ERROR, "http2.window_overflow");
        }
        room += bytes;
    }

    void add(Http2Stream stream) {
        if (!stream.listed) {
            stream.listed = true;
            waiting.add(stream);
        }
    }

    /** Lets the streams that wait send, a frame each in turn, until there is no room. */
    void resume(Http2Connection connection) {
        while (!waiting.isEmpty() && room > 0 && connection.socketWritable()) {
            Http2Stream stream = waiting.remove();
            stream.listed = false;
            if (stream.sendOne()) {
                add(stream);
            }
            stream.tellRoom();
        }
    }
}
