package dev.starling.runtime.codec.http2;

import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.StreamReset;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One stream: its windows, what of it waits for room, and which of its halves have ended (RFC 9113 5.1). What waits is
 * bounded by whoever writes, who is told with {@link #writable}. Confined to the loop.
 */
public abstract class Http2Stream {

    private final Http2Connection connection;
    private int id;
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(2);
    private int waitingBytes;
    private boolean endWaits;
    private @Nullable Headers trailersWait;
    private boolean wasFull;
    private boolean resetAtEnd;

    /** May be negative, when the peer has made its windows smaller (RFC 9113 6.9.2). */
    int sendWindow;

    /** What the peer may still send. */
    int receiveWindow;

    /** What was consumed and has not been given back. */
    private int consumedBytes;

    /** What was received and not consumed. */
    private int heldBytes;

    boolean listed;
    boolean localEnded;
    boolean remoteEnded;
    boolean closed;

    protected Http2Stream(Http2Connection connection, int id) {
        this.connection = connection;
        this.id = id;
    }

    /** 0 until the stream has been opened. */
    public final int id() {
        return id;
    }

    /** The stream is being opened. */
    final void number(int newId) {
        id = newId;
    }

    /** Whether everything that is to be sent has been written, though perhaps not yet sent. */
    final boolean endWritten() {
        return endWaits || localEnded;
    }

    /** Whether the peer has sent everything. */
    public final boolean remoteEnded() {
        return remoteEnded;
    }

    /** Whether the stream is over: nothing is sent on it any more. */
    protected final boolean closed() {
        return closed;
    }

    /** Body bytes; takes ownership. */
    protected abstract void onData(ByteBuf bytes, boolean end) throws Http2Exception;

    /** The stream is over before it was complete; nothing more comes of it. */
    protected abstract void onReset(StreamReset reason, String detail);

    /** There is room for more again. */
    protected abstract void onWritable();

    /** Whether it has come to nothing if it is over now, and soon. */
    protected boolean premature() {
        return false;
    }

    // ---- what the stream sends ------------------------------------------------------------------------------------

    /** Whether less waits than the limit. */
    public final boolean writable() {
        boolean room = waitingBytes < connection.streamBufferLimit();
        wasFull |= !room;
        return room;
    }

    /** Takes ownership. */
    protected final void send(ByteBuf bytes, boolean end) {
        if (closed || localEnded) {
            bytes.release();
            return;
        }
        waiting.add(bytes);
        waitingBytes += bytes.readableBytes();
        endWaits |= end;
        sendWaiting();
    }

    /** The end of the message. */
    protected final void sendTrailers(Headers trailers) {
        if (closed || localEnded) {
            return;
        }
        trailersWait = trailers;
        endWaits = true;
        sendWaiting();
    }

    /** Sends what the windows allow; lists the stream with the connection if something is left. */
    final void sendWaiting() {
        boolean more = true;
        while (more) {
            more = sendOne();
        }
        if (!waiting.isEmpty() && sendWindow > 0) {
            connection.list(this);
        }
        tellRoom();
    }

    /** Tells whoever writes when there is room again. */
    final void tellRoom() {
        if (wasFull && waitingBytes <= connection.streamBufferLimit() / 2) {
            wasFull = false;
            onWritable();
        }
    }

    /** Bytes that wait for a window or for the socket. */
    protected final int waitingBytes() {
        return waitingBytes;
    }

    /** Sends at most a frame; returns whether another may follow. */
    final boolean sendOne() {
        ByteBuf next = waiting.peek();
        if (next == null) {
            return sendEnd();
        }
        int length = next.readableBytes();
        int room = Math.min(Math.min(sendWindow, connection.sendRoom()), Frames.MAX_FRAME_BYTES);
        if (length > 0 && (room <= 0 || !connection.socketWritable())) {
            return false;
        }
        if (length > room && length > 0) {
            spend(room);
            connection.writer().data(id, next.readRetainedSlice(room), false);
            return true;
        }
        waiting.remove();
        spend(length);
        boolean end = endWaits && waiting.isEmpty() && trailersWait == null;
        if (length > 0 || end) {
            connection.writer().data(id, next, end);
        } else {
            next.release();
        }
        if (end) {
            localEnd();
            return false;
        }
        return !waiting.isEmpty() || sendEnd();
    }

    private boolean sendEnd() {
        Headers trailers = trailersWait;
        if (trailers != null && !localEnded && !closed) {
            trailersWait = null;
            connection.sendTrailers(id, trailers);
            localEnd();
        }
        return false;
    }

    private void spend(int bytes) {
        sendWindow -= bytes;
        connection.spend(bytes);
        waitingBytes -= bytes;
    }

    /** The last frame of our half has been written. */
    protected final void localEnd() {
        localEnded = true;
        if (resetAtEnd && !remoteEnded) {
            reset(Http2Error.NO_ERROR);
        } else {
            connection.ended(this);
        }
    }

    /** When our half has ended, the peer need not send the rest of its own (RFC 9113 8.1). */
    public final void resetAtEnd() {
        resetAtEnd = true;
        if (localEnded) {
            localEnd();
        }
    }

    /** Gives the stream up. */
    public final void reset(Http2Error error) {
        connection.resetStream(this, error);
    }

    // ---- what the stream receives ---------------------------------------------------------------------------------

    /** Bytes have gone where they should, so that as many more may come. */
    protected final void giveBack(int bytes) {
        if (closed) {
            return;
        }
        heldBytes -= bytes;
        connection.unhold(bytes);
        credit(bytes);
    }

    private void credit(int bytes) {
        consumedBytes += bytes;
        if (!remoteEnded && consumedBytes >= connection.streamWindow() / 2) {
            receiveWindow += consumedBytes;
            connection.writer().windowUpdate(id, consumedBytes);
            consumedBytes = 0;
        }
    }

    /**
     * @param flowBytes of the frame with its padding, for which nobody waits
     * @return whether the peer had the right to send it
     */
    final boolean receive(int flowBytes, int dataBytes) {
        receiveWindow -= flowBytes;
        if (receiveWindow < 0) {
            return false;
        }
        heldBytes += dataBytes;
        if (flowBytes > dataBytes) {
            credit(flowBytes - dataBytes);
        }
        return true;
    }

    final void release() {
        closed = true;
        connection.unhold(heldBytes);
        heldBytes = 0;
        for (ByteBuf bytes = waiting.poll(); bytes != null; bytes = waiting.poll()) {
            bytes.release();
        }
        waitingBytes = 0;
        trailersWait = null;
    }
}
