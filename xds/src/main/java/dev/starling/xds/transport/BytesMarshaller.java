package dev.starling.xds.transport;

import com.google.protobuf.ByteString;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Messages as they are. */
enum BytesMarshaller implements Marshaller<ByteString> {
    BYTES;

    @Override
    public InputStream stream(ByteString message) {
        return message.newInput();
    }

    @Override
    public ByteString parse(InputStream message) {
        try {
            return ByteString.readFrom(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
