package dev.starling.runtime.codec;

import io.netty.channel.Channel;

/**
 * Credit for what an HTTP/1 connection may deliver ahead of its consumer: reading the socket stops when the window is
 * spent and goes on when half of it has been given back. What is held is at most the window and one read.
 */
public final class ReadWindow {

    /** Body bytes delivered and not yet consumed before reading stops, if the buffer limit is not smaller. */
    static final int WINDOW_BYTES = 64 * 1024;

    private final Channel channel;
    private final int limit;
    private final Pauses pauses;
    private int outstanding;
    private boolean paused;

    /** Told when reading pauses (true) and resumes (false). */
    public interface Pauses {
        void onReadPaused(boolean paused);
    }

    public ReadWindow(Channel channel, int bufferLimit, Pauses pauses) {
        this.channel = channel;
        this.limit = Math.max(1, Math.min(WINDOW_BYTES, bufferLimit));
        this.pauses = pauses;
    }

    public void received(int bytes) {
        outstanding += bytes;
        if (!paused && outstanding >= limit) {
            paused = true;
            channel.config().setAutoRead(false);
            pauses.onReadPaused(true);
        }
    }

    public void consumed(int bytes) {
        outstanding -= bytes;
        if (paused && outstanding <= limit / 2) {
            resume();
        }
    }

    /** A new message begins: what the last one still owed is forgotten. */
    public void reset() {
        outstanding = 0;
        if (paused) {
            resume();
        }
    }

    private void resume() {
        paused = false;
        channel.config().setAutoRead(true);
        pauses.onReadPaused(false);
    }
}
