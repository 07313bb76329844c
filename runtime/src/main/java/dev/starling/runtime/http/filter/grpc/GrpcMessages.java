package dev.starling.runtime.http.filter.grpc;

import dev.starling.runtime.grpc.ContentTypes;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Which messages are gRPC's (Envoy: {@code Grpc::Common}). */
final class GrpcMessages {

    /** What stands before a message: whether it is compressed, and its length. */
    static final int FRAME_HEADER_BYTES = 5;

    private GrpcMessages() {}

    static boolean isRequest(RequestHead head) {
        return !head.path().isEmpty() && ContentTypes.isGrpc(head.headers().get(HeaderName.CONTENT_TYPE));
    }

    /** Trailers-only, or a success of the right type. */
    static boolean isResponse(ResponseHead head, boolean endStream) {
        return endStream
                ? head.headers().contains(HeaderName.GRPC_STATUS)
                : head.status() == 200 && ContentTypes.isGrpc(head.headers().get(HeaderName.CONTENT_TYPE));
    }

    /** A message in its frame. Takes ownership. */
    static ByteBuf frame(ByteBuf message) {
        return frame(message.readableBytes(), message);
    }

    /** The frame's header with the first bytes of a message of this length. Takes ownership. */
    static ByteBuf frame(long length, ByteBuf begin) {
        ByteBuf header =
                ByteBufAllocator.DEFAULT.buffer(FRAME_HEADER_BYTES).writeByte(0).writeInt((int) length);
        return ByteBufAllocator.DEFAULT.compositeBuffer(2).addComponents(true, header, begin);
    }
}
