package dev.starling.runtime.http;

import dev.starling.runtime.grpc.ContentTypes;
import dev.starling.runtime.grpc.GrpcMessage;
import dev.starling.runtime.grpc.GrpcStatus;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;

/** The proxy's own replies as a gRPC client understands them: trailers-only (Envoy: {@code Utility::prepareLocalReply}). */
final class GrpcReply {

    private GrpcReply() {}

    /** @param headers all that the reply has, as for any other client */
    static ResponseHead of(LocalReply reply, LocalReplies.Rendered rendered, Headers headers, RequestHead request) {
        headers.set(HeaderName.CONTENT_TYPE, ContentTypes.GRPC);
        headers.remove(HeaderName.CONTENT_LENGTH);
        String given = headers.get(HeaderName.GRPC_STATUS);
        if (given == null || given.isEmpty()) {
            headers.set(
                    HeaderName.GRPC_STATUS,
                    reply.grpcStatus() == GrpcStatus.NONE ? GrpcStatus.ofHttp(rendered.status()) : reply.grpcStatus());
        }
        byte[] text = rendered.body();
        if (text.length > 0 && !request.isHead()) {
            boolean line = rendered.contentType().equals("application/json") && text[text.length - 1] == '\n';
            int length = line ? text.length - 1 : text.length;
            headers.set(HeaderName.GRPC_MESSAGE, GrpcMessage.encode(text, length));
        }
        return new ResponseHead(200, Protocol.HTTP_1_1, headers, -1, true);
    }
}
