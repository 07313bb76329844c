package dev.starling.runtime.http.filter.grpc;

import static dev.starling.runtime.http.filter.grpc.GrpcMessages.FRAME_HEADER_BYTES;

import dev.starling.config.http.GrpcHttp1ReverseBridgeConfig;
import dev.starling.runtime.grpc.GrpcStatus;
import dev.starling.runtime.http.filter.Chunk;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.http.filter.HttpFilter;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Lets one gRPC client call an upstream that knows HTTP only (Envoy: {@code GrpcHttp1ReverseBridge::Filter}): the request
 * loses its content type and, where it is asked for, its frame; the response gets them, and its status as a trailer. A
 * response whose length nobody tells is held until it is known, because the length stands before the message.
 */
final class GrpcHttp1ReverseBridgeFilter implements HttpFilter {

    private static final HeaderName ACCEPT = HeaderName.of("accept");
    private static final long LARGEST_FRAME = 0xffff_ffffL;

    private final ExchangeContext context;
    private final GrpcHttp1ReverseBridgeConfig config;

    /** What the client called it; null if it has not called by gRPC. */
    private @Nullable String requestType;

    /** Of the request's frame, what has not come yet. */
    private int frameBytesLeft;

    /** The response is the upstream's. */
    private boolean bridged;

    private int status;

    /** Of the response's message, -1 if not told. */
    private long size = -1;

    private long passedBytes;
    private boolean framed;
    private @Nullable CompositeByteBuf message;

    GrpcHttp1ReverseBridgeFilter(ExchangeContext context, GrpcHttp1ReverseBridgeConfig config) {
        this.context = context;
        this.config = config;
    }

    // ---- the request ----------------------------------------------------------------------------------------------

    @Override
    public Flow onRequestHead(RequestHead head, boolean endStream) {
        if (endStream || !GrpcMessages.isRequest(head)) {
            return Flow.CONTINUE;
        }
        Headers headers = head.headers();
        requestType = headers.get(HeaderName.CONTENT_TYPE);
        headers.set(HeaderName.CONTENT_TYPE, config.contentType());
        headers.set(ACCEPT, config.contentType());
        if (config.withholdFrames()) {
            frameBytesLeft = FRAME_HEADER_BYTES;
            long length = head.contentLength();
            if (length >= 0 && length < FRAME_HEADER_BYTES) {
                return noFrame();
            }
            head.contentLength(length < 0 ? -1 : length - FRAME_HEADER_BYTES);
        }
        context.clearRoute();
        return Flow.CONTINUE;
    }

    @Override
    public Flow onRequestData(Chunk chunk, boolean endStream) {
        if (frameBytesLeft == 0) {
            return Flow.CONTINUE;
        }
        ByteBuf bytes = chunk.bytes();
        int withheld = Math.min(frameBytesLeft, bytes.readableBytes());
        bytes.skipBytes(withheld);
        frameBytesLeft -= withheld;
        if (endStream && frameBytesLeft > 0) {
            return noFrame();
        }
        return endStream || bytes.isReadable() ? Flow.CONTINUE : Flow.STOP;
    }

    @Override
    public Flow onRequestTrailers(Headers trailers) {
        return frameBytesLeft > 0 ? noFrame() : Flow.CONTINUE;
    }

    private Flow noFrame() {
        return failed(GrpcStatus.UNKNOWN, "invalid request body", "grpc_bridge_data_too_small");
    }

    private Flow failed(int grpcStatus, String text, String details) {
        context.sendLocalReply(LocalReply.of(200, text, null, details).withGrpcStatus(grpcStatus));
        return Flow.STOP;
    }

    // ---- the response ---------------------------------------------------------------------------------------------

    @Override
    public Flow onResponseHead(ResponseHead head, boolean endStream) {
        Headers headers = head.headers();
        if (requestType == null || (endStream && headers.contains(HeaderName.GRPC_STATUS))) {
            return Flow.CONTINUE; // what is gRPC already, as our own replies are
        }
        String type = headers.get(HeaderName.CONTENT_TYPE);
        if (!config.contentType().equals(type)) {
            String what = type == null ? "no content-type header" : "unsupported content-type " + type;
            return failed(
                    GrpcStatus.UNKNOWN,
                    "envoy reverse bridge: upstream responded with " + what + ", status code " + head.status(),
                    "grpc_bridge_content_type_wrong");
        }
        bridged = true;
        status = head.status() == 200 ? GrpcStatus.OK : GrpcStatus.ofHttp(head.status());
        head.status(200);
        headers.set(HeaderName.CONTENT_TYPE, requestType);
        if (config.withholdFrames()) {
            size = size(head, endStream);
            if (size < 0 && !config.sizeHeader().isEmpty()) {
                return failed(
                        GrpcStatus.INTERNAL,
                        "envoy reverse bridge: upstream did not set content length",
                        "grpc_bridge_content_length_missing");
            }
            if (size > LARGEST_FRAME) {
                return tooLarge();
            }
            if (size >= 0) {
                headers.set(HeaderName.CONTENT_LENGTH, size + FRAME_HEADER_BYTES);
            }
        }
        if (endStream) {
            return wrongSize() ? wrong() : end(Unpooled.EMPTY_BUFFER, Flow.CONTINUE);
        }
        return buffers() ? Flow.STOP : Flow.CONTINUE;
    }

    private long size(ResponseHead head, boolean endStream) {
        if (config.sizeHeader().isEmpty()) {
            return endStream ? 0 : head.contentLength();
        }
        String value = head.headers().get(config.sizeHeader());
        try {
            return value == null ? -1 : Integer.parseUnsignedInt(value) & LARGEST_FRAME;
        } catch (NumberFormatException notALength) {
            return -1;
        }
    }

    private boolean buffers() {
        return config.withholdFrames() && size < 0;
    }

    @Override
    public Flow onResponseData(Chunk chunk, boolean endStream) {
        if (!bridged) {
            return Flow.CONTINUE;
        }
        ByteBuf bytes = chunk.take();
        passedBytes += bytes.readableBytes();
        if (buffers()) {
            if (message == null) {
                message = ByteBufAllocator.DEFAULT.compositeBuffer(Integer.MAX_VALUE);
            }
            message.addComponent(true, bytes);
            if (message.readableBytes() > context.bufferLimit()) {
                return tooLarge();
            }
            return endStream ? end(Unpooled.EMPTY_BUFFER, Flow.STOP) : Flow.STOP;
        }
        if (size >= 0 && (passedBytes > size || (endStream && wrongSize()))) {
            bytes.release();
            return wrong();
        }
        if (endStream) {
            return end(bytes, Flow.STOP);
        }
        chunk.replace(inFrame(bytes));
        return Flow.CONTINUE;
    }

    @Override
    public Flow onResponseTrailers(Headers trailers) {
        if (!bridged) {
            return Flow.CONTINUE;
        }
        if (wrongSize()) {
            return wrong();
        }
        trailers.set(HeaderName.GRPC_STATUS, status);
        ByteBuf rest = inFrame(Unpooled.EMPTY_BUFFER);
        if (rest.isReadable()) {
            context.addResponseData(this, rest);
        }
        return Flow.CONTINUE;
    }

    private boolean wrongSize() {
        return size >= 0 && passedBytes != size;
    }

    private Flow wrong() {
        return failed(
                GrpcStatus.INTERNAL,
                "envoy reverse bridge: upstream set incorrect content length",
                "grpc_bridge_content_length_wrong");
    }

    private Flow tooLarge() {
        return failed(
                GrpcStatus.INTERNAL,
                "envoy reverse bridge: upstream response too large for gRPC frame",
                "response_payload_too_large");
    }

    private Flow end(ByteBuf last, Flow flow) {
        Headers trailers = new Headers();
        trailers.add(HeaderName.GRPC_STATUS, status);
        context.endResponse(this, inFrame(last), trailers);
        return flow;
    }

    /** With the frame's header, if it has not been before, and what was held. */
    private ByteBuf inFrame(ByteBuf bytes) {
        if (!config.withholdFrames() || framed) {
            return bytes;
        }
        framed = true;
        CompositeByteBuf whole = message;
        message = null;
        if (whole != null) {
            return GrpcMessages.frame(whole);
        }
        return GrpcMessages.frame(Math.max(0, size), bytes);
    }

    @Override
    public void onEnd() {
        if (message != null) {
            message.release();
            message = null;
        }
    }
}
