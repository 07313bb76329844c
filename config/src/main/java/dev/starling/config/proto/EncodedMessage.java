package dev.starling.config.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;

/** A message, and the bytes of the same: it was parsed from them, or they were made of it. */
public record EncodedMessage<M extends Message>(M message, ByteString bytes) {

    /** @param type the default instance of the message */
    @SuppressWarnings("unchecked") // the parser of a message makes such messages
    public static <M extends Message> EncodedMessage<M> parse(M type, ByteString bytes)
            throws InvalidProtocolBufferException {
        return new EncodedMessage<>((M) type.getParserForType().parseFrom(bytes), bytes);
    }

    /** One that was made here. */
    public static <M extends Message> EncodedMessage<M> of(M message) {
        return new EncodedMessage<>(message, message.toByteString());
    }
}
