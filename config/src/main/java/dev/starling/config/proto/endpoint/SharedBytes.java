package dev.starling.config.proto.endpoint;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The bytes of a {@link ByteString}, not copied if they lie in one array. Only to be read. */
final class SharedBytes {

    private final byte[] array;
    private final int offset;
    private final int length;

    private SharedBytes(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** Others may use the rest of it. */
    byte[] array() {
        return array;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    static SharedBytes of(ByteString bytes) {
        var lent = new Lent();
        try {
            UnsafeByteOperations.unsafeWriteTo(bytes, lent);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return lent.array != null && lent.length == bytes.size()
                ? new SharedBytes(lent.array, lent.offset, lent.length)
                : new SharedBytes(bytes.toByteArray(), 0, bytes.size());
    }

    /** Remembers the first piece that it is lent. */
    private static final class Lent extends ByteOutput {

        private byte @Nullable [] array;
        private int offset;
        private int length;

        @Override
        public void writeLazy(byte[] value, int from, int count) {
            if (array == null) {
                array = value;
                offset = from;
                length = count;
            }
        }

        @Override
        public void write(byte value) {}

        @Override
        public void write(byte[] value, int from, int count) {}

        @Override
        public void write(ByteBuffer value) {}

        @Override
        public void writeLazy(ByteBuffer value) {}
    }
}
