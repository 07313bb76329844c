package dev.starling.runtime.accesslog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** One file, or stream, and its buffer. Only the writer's thread touches it, but for opening. */
final class LogFile {

    /** Opens a file anew, so that one that was moved away is left behind. */
    @FunctionalInterface
    interface Opener {
        WritableByteChannel open() throws IOException;
    }

    private final String name;
    private final Opener opener;
    private final ByteBuffer buffer;
    private @Nullable WritableByteChannel channel;

    /** @param channel null to open it with the first write, when opening may block */
    LogFile(String name, Opener opener, @Nullable WritableByteChannel channel, int bufferSize) {
        this.name = name;
        this.opener = opener;
        this.channel = channel;
        this.buffer = ByteBuffer.allocate(bufferSize);
    }

    String name() {
        return name;
    }

    int buffered() {
        return buffer.position();
    }

    boolean hasRoom(int length) {
        return buffer.remaining() >= length;
    }

    void buffer(byte[] bytes, int offset, int length) {
        buffer.put(bytes, offset, length);
    }

    /** Writes the buffer and then the bytes. Whatever happens, both are gone after. */
    void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            WritableByteChannel open = channel;
            if (open == null) {
                open = channel = opener.open();
            }
            buffer.flip();
            writeFully(open, buffer);
            writeFully(open, ByteBuffer.wrap(bytes, offset, length));
        } finally {
            buffer.clear();
        }
    }

    private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The old file stays if the new one cannot be opened; what is not open yet stays so. */
    void reopen() throws IOException {
        if (channel == null) {
            return;
        }
        WritableByteChannel fresh = opener.open();
        close();
        channel = fresh;
    }

    void close() throws IOException {
        WritableByteChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
