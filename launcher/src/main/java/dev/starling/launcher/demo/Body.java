package dev.starling.launcher.demo;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The body of a request, up to its end and no further (RFC 9112 6 and 7). */
final class Body extends InputStream {

    private final InputStream in;
    private final boolean chunked;

    /** Of the chunk, or of the whole body if it has none. */
    private long left;

    private boolean ended;

    private Body(InputStream in, boolean chunked, long left) {
        this.in = in;
        this.chunked = chunked;
        this.left = left;
    }

    static Body chunked(InputStream in) {
        return new Body(in, true, 0);
    }

    static Body ofLength(InputStream in, long length) {
        return new Body(in, false, length);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0 && !nextChunk()) {
            return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the connection ended in a body");
        }
        left -= count;
        if (chunked && left == 0) {
            Call.line(in);
        }
        return count;
    }

    private boolean nextChunk() throws IOException {
        if (ended || !chunked) {
            return false;
        }
        left = Long.parseLong(Call.line(in).split(";", 2)[0].strip(), 16);
        if (left > 0) {
            return true;
        }
        while (!Call.line(in).isEmpty()) {
            // trailers say nothing here
        }
        ended = true;
        return false;
    }

    void skipToItsEnd() throws IOException {
        transferTo(OutputStream.nullOutputStream());
    }
}
