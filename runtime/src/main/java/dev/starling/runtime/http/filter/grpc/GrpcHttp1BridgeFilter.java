package dev.starling.runtime.http.filter.grpc;

import dev.starling.config.http.GrpcHttp1BridgeConfig;
import dev.starling.runtime.grpc.ContentTypes;
import dev.starling.runtime.http.filter.Chunk;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Lets one HTTP/1.1 client call gRPC (Envoy: {@code Http1BridgeFilter}): the response is held until its trailers tell
 * how it went, which then stands in the head. Where it is asked for, a bare protobuf message gets its frame, and loses
 * it on the way back.
 */
final class GrpcHttp1BridgeFilter implements HttpFilter {

    private final ExchangeContext context;
    private final GrpcHttp1BridgeConfig config;
    private boolean bridged;
    private boolean framed;
    private @Nullable CompositeByteBuf message;
    private @Nullable ResponseHead response;
    private int responseBytes;
    private int frameBytesLeft;

    GrpcHttp1BridgeFilter(ExchangeContext context, GrpcHttp1BridgeConfig config) {
        this.context = context;
        this.config = config;
    }

    // ---- the request ----------------------------------------------------------------------------------------------

    @Override
    public Flow onRequestHead(RequestHead head, boolean endStream) {
        Headers headers = head.headers();
        if (config.upgradeProtobuf() && ContentTypes.isProtobuf(headers.get(HeaderName.CONTENT_TYPE))) {
            framed = true;
            headers.set(HeaderName.CONTENT_TYPE, ContentTypes.GRPC);
            head.contentLength(-1);
        }
        bridged = GrpcMessages.isRequest(head) && head.protocol() != Protocol.HTTP_2;
        int query = head.path().indexOf('?');
        if (bridged && config.ignoreQuery() && query >= 0) {
            head.path(head.path().substring(0, query));
        }
        return Flow.CONTINUE;
    }

    @Override
    public Flow onRequestData(Chunk chunk, boolean endStream) {
        if (!framed) {
            return Flow.CONTINUE;
        }
        if (message == null) {
            message = chunk.bytes().alloc().compositeBuffer(Integer.MAX_VALUE);
        }
        message.addComponent(true, chunk.take());
        if (message.readableBytes() > context.bufferLimit()) {
            context.sendLocalReply(LocalReply.of(413, "Payload Too Large", null, "request_payload_too_large"));
            return Flow.STOP;
        }
        if (!endStream) {
            return Flow.STOP;
        }
        if (message.isReadable()) {
            chunk.replace(GrpcMessages.frame(message));
            message = null;
        }
        return Flow.CONTINUE;
    }

    @Override
    public Flow onRequestTrailers(Headers trailers) {
        if (message != null) {
            context.addRequestData(this, GrpcMessages.frame(message));
            message = null;
        }
        return Flow.CONTINUE;
    }

    // ---- the response ---------------------------------------------------------------------------------------------

    @Override
    public Flow onResponseHead(ResponseHead head, boolean endStream) {
        if (framed && GrpcMessages.isResponse(head, endStream)) {
            frameBytesLeft = GrpcMessages.FRAME_HEADER_BYTES;
        }
        if (!bridged || endStream) {
            return Flow.CONTINUE;
        }
        response = head;
        return Flow.STOP;
    }

    @Override
    public Flow onResponseData(Chunk chunk, boolean endStream) {
        if (!bridged) {
            return Flow.CONTINUE;
        }
        ByteBuf bytes = chunk.bytes();
        int stripped = Math.min(frameBytesLeft, bytes.readableBytes());
        bytes.skipBytes(stripped);
        frameBytesLeft -= stripped;
        responseBytes += bytes.readableBytes();
        return endStream ? Flow.CONTINUE : Flow.STOP_AND_BUFFER;
    }

    @Override
    public Flow onResponseTrailers(Headers trailers) {
        ResponseHead head = response;
        if (head != null) {
            String status = trailers.get(HeaderName.GRPC_STATUS);
            if (status != null) {
                if (!status.equals("0")) {
                    head.status(503);
                }
                head.headers().set(HeaderName.GRPC_STATUS, status);
            }
            String text = trailers.get(HeaderName.GRPC_MESSAGE);
            if (text != null) {
                head.headers().set(HeaderName.GRPC_MESSAGE, text);
            }
            head.headers().set(HeaderName.CONTENT_LENGTH, responseBytes); // so that the client sees a broken answer
        }
        return Flow.CONTINUE;
    }

    @Override
    public void onEnd() {
        if (message != null) {
            message.release();
            message = null;
        }
    }
}
