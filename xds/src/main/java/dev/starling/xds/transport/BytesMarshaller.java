package dev.starling.xds.transport;

import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Messages as they are. */
enum BytesMarshaller implements Marshaller<ByteBuffer> {
    BYTES;

    @Override
    public InputStream stream(ByteBuffer message) {
        return new ByteArrayInputStream(bytes(message));
    }

    private static byte[] bytes(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public ByteBuffer parse(InputStream message) {
        try {
            return ByteBuffer.wrap(message.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
