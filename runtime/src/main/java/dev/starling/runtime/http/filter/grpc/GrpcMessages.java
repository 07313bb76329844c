package dev.starling.runtime.http.filter.grpc;

import dev.starling.runtime.grpc.ContentTypes;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;

/** Which messages are gRPC's (Envoy: {@code Grpc::Common}). */
final class GrpcMessages {

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
}
