package dev.starling.runtime.http.filter.grpc;

import static dev.starling.runtime.grpc.ContentTypes.GRPC_WEB_PROTOCOL;

import dev.starling.runtime.cluster.GrpcCallStats;
import dev.starling.runtime.cluster.GrpcMethodStats;
import dev.starling.runtime.grpc.Base64Quanta;
import dev.starling.runtime.grpc.ContentTypes;
import dev.starling.runtime.grpc.FrameText;
import dev.starling.runtime.grpc.GrpcMessage;
import dev.starling.runtime.grpc.GrpcMethod;
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
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Translates one gRPC-Web call, binary or text, into gRPC and back (Envoy: {@code GrpcWebFilter}; gRPC-Web: {@code
 * PROTOCOL-WEB.md}). What is not gRPC-Web passes untouched. Bodies are translated as they pass; only what an upstream
 * says instead of gRPC is kept, the beginning of it, to become the message of the status.
 */
final class GrpcWebFilter implements HttpFilter {

    private static final HeaderName ACCEPT = HeaderName.of("accept");
    private static final int MAX_MESSAGE_BYTES = 16_384;
    private static final int TRAILER_FLAG = 0x80;

    private final ExchangeContext context;
    private boolean web;
    private @Nullable Base64Quanta requestText;
    private boolean wantsText;
    private @Nullable FrameText responseText;
    private @Nullable GrpcMethodStats stats;
    private @Nullable ResponseHead plainHead;
    private @Nullable ByteArrayOutputStream plainBody;

    GrpcWebFilter(ExchangeContext context) {
        this.context = context;
    }

    // ---- the request ----------------------------------------------------------------------------------------------

    @Override
    public Flow onRequestHead(RequestHead head, boolean endStream) {
        Headers headers = head.headers();
        String type = headers.get(HeaderName.CONTENT_TYPE);
        web = !head.path().isEmpty() && (ContentTypes.isGrpcWeb(type) || ContentTypes.isGrpcWebText(type));
        if (!web) {
            return Flow.CONTINUE;
        }
        GrpcCallStats calls = CalledCluster.stats(context);
        GrpcMethod method = GrpcMethod.of(head.path());
        stats = calls == null || method == null ? null : calls.of(GRPC_WEB_PROTOCOL, method);
        requestText = ContentTypes.isGrpcWebText(type) ? new Base64Quanta() : null;
        wantsText = ContentTypes.isGrpcWebText(headers.get(ACCEPT));
        head.contentLength(-1); // it was that of the text, or is not for HTTP/2 to know
        headers.set(HeaderName.CONTENT_TYPE, ContentTypes.GRPC);
        headers.set(HeaderName.TE, "trailers");
        if (!headers.contains(HeaderName.GRPC_ACCEPT_ENCODING)) {
            headers.add(HeaderName.GRPC_ACCEPT_ENCODING, "identity");
        }
        return Flow.CONTINUE;
    }

    @Override
    public Flow onRequestData(Chunk chunk, boolean endStream) {
        if (requestText == null) {
            return Flow.CONTINUE;
        }
        ByteBuf text = chunk.bytes();
        ByteBuf decoded = requestText.room(text.alloc(), text);
        if (!requestText.decode(text, decoded)) {
            decoded.release();
            return refused("grpc_base_64_decode_failed");
        }
        chunk.replace(decoded);
        if (endStream && requestText.unfinished()) {
            return refused("grpc_base_64_decode_failed_bad_size");
        }
        return endStream || decoded.isReadable() ? Flow.CONTINUE : Flow.STOP;
    }

    @Override
    public Flow onRequestTrailers(Headers trailers) {
        return requestText != null && requestText.unfinished()
                ? refused("grpc_base_64_decode_failed_bad_size")
                : Flow.CONTINUE;
    }

    private Flow refused(String details) {
        context.sendLocalReply(LocalReply.of(400, "Bad gRPC-web request, invalid base64 data.", null, details));
        return Flow.STOP;
    }

    // ---- the response ---------------------------------------------------------------------------------------------

    @Override
    public Flow onResponseHead(ResponseHead head, boolean endStream) {
        if (!web) {
            return Flow.CONTINUE;
        }
        Headers headers = head.headers();
        status(headers);
        boolean plain = !endStream
                && !GrpcMessages.isResponse(head, false)
                && !(head.status() == 200 && ContentTypes.isGrpcWebAnyCase(headers.get(HeaderName.CONTENT_TYPE)));
        headers.set(
                HeaderName.CONTENT_TYPE, wantsText ? ContentTypes.GRPC_WEB_TEXT_PROTO : ContentTypes.GRPC_WEB_PROTO);
        if (plain) {
            plainHead = head;
            plainBody = new ByteArrayOutputStream();
            return Flow.STOP;
        }
        responseText = wantsText ? new FrameText() : null;
        headers.remove(HeaderName.CONTENT_LENGTH);
        return Flow.CONTINUE;
    }

    @Override
    public Flow onResponseData(Chunk chunk, boolean endStream) {
        if (plainBody != null) {
            ByteBuf bytes = chunk.bytes();
            byte[] some = new byte[Math.min(bytes.readableBytes(), MAX_MESSAGE_BYTES - plainBody.size())];
            bytes.readBytes(some);
            plainBody.writeBytes(some);
            chunk.replace(Unpooled.EMPTY_BUFFER);
            if (!endStream) {
                return Flow.STOP;
            }
            tellPlain();
            return Flow.CONTINUE;
        }
        if (responseText == null) {
            return Flow.CONTINUE;
        }
        ByteBuf frames = chunk.bytes();
        ByteBuf text = frames.alloc().buffer(FrameText.bound(frames.readableBytes()));
        responseText.encode(frames, text);
        if (endStream) {
            responseText.end(text);
        }
        chunk.replace(text);
        return endStream || text.isReadable() ? Flow.CONTINUE : Flow.STOP;
    }

    @Override
    public Flow onResponseTrailers(Headers trailers) {
        if (!web) {
            return Flow.CONTINUE;
        }
        status(trailers);
        if (plainBody != null) {
            tellPlain();
            return Flow.CONTINUE;
        }
        context.addResponseData(this, frame(trailers));
        while (!trailers.isEmpty()) {
            trailers.removeAt(trailers.size() - 1);
        }
        return Flow.CONTINUE;
    }

    /** Makes of an answer that is not gRPC one that is: its status and the beginning of its body. */
    private void tellPlain() {
        ResponseHead head = plainHead;
        ByteArrayOutputStream body = plainBody;
        if (head == null || body == null) {
            return;
        }
        Headers headers = head.headers();
        byte[] text = body.toByteArray();
        headers.set(HeaderName.GRPC_STATUS, GrpcStatus.ofHttp(head.status()));
        headers.set(HeaderName.GRPC_MESSAGE, GrpcMessage.encode(text, text.length));
        headers.set(HeaderName.CONTENT_LENGTH, 0);
    }

    private ByteBuf frame(Headers trailers) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < trailers.size(); i++) {
            lines.append(trailers.name(i)).append(':').append(trailers.value(i)).append("\r\n");
        }
        byte[] bytes = lines.toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
        ByteBuf frame = allocator.buffer(5 + bytes.length);
        frame.writeByte(TRAILER_FLAG).writeInt(bytes.length).writeBytes(bytes);
        if (responseText == null) {
            return frame;
        }
        ByteBuf text = allocator.buffer(FrameText.bound(frame.readableBytes()) + 4);
        responseText.end(text);
        responseText = new FrameText();
        responseText.encode(frame, text);
        frame.release();
        return text;
    }

    private void status(Headers fields) {
        String status = fields.get(HeaderName.GRPC_STATUS);
        if (status != null && stats != null) {
            stats.completed(context.loop().stats(), status);
        }
    }
}
