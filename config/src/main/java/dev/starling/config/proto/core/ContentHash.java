package dev.starling.config.proto.core;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import dev.starling.config.XxHash64;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Tells whether a resource changed: equal messages have equal hashes, in every process of this version. */
public final class ContentHash {

    private ContentHash() {}

    public static long of(Message message) {
        var bytes = new byte[message.getSerializedSize()];
        var output = CodedOutputStream.newInstance(bytes);
        // Maps are written in the order of their keys.
        output.useDeterministicSerialization();
        try {
            message.writeTo(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return XxHash64.hash(bytes, 0);
    }
}
