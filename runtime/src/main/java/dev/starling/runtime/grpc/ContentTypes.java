package dev.starling.runtime.grpc;

import org.jspecify.annotations.Nullable;

/** By what a message says that it is gRPC's. */
public final class ContentTypes {

    public static final String GRPC = "application/grpc";
    public static final String GRPC_WEB_PROTO = "application/grpc-web+proto";
    public static final String GRPC_WEB_TEXT_PROTO = "application/grpc-web-text+proto";
    public static final String PROTOBUF = "application/x-protobuf";

    /** What stands for gRPC in names of statistics, and for gRPC-Web. */
    public static final String GRPC_PROTOCOL = "grpc";

    public static final String GRPC_WEB_PROTOCOL = "grpc-web";

    private static final String GRPC_WEB = "application/grpc-web";
    private static final String GRPC_WEB_TEXT = "application/grpc-web-text";

    private ContentTypes() {}

    /** {@code application/grpc} or {@code application/grpc+…}, and not {@code application/grpc-web}; as in Envoy by the letter. */
    public static boolean isGrpc(@Nullable String contentType) {
        return contentType != null
                && contentType.startsWith(GRPC)
                && (contentType.length() == GRPC.length() || contentType.charAt(GRPC.length()) == '+');
    }

    /** gRPC-Web in its binary form; as in Envoy by the letter. */
    public static boolean isGrpcWeb(@Nullable String contentType) {
        return GRPC_WEB.equals(contentType) || GRPC_WEB_PROTO.equals(contentType);
    }

    /** gRPC-Web in base64. */
    public static boolean isGrpcWebText(@Nullable String contentType) {
        return GRPC_WEB_TEXT.equals(contentType) || GRPC_WEB_TEXT_PROTO.equals(contentType);
    }

    /** As {@link #isGrpcWeb}, in any case and with parameters: what an upstream may answer. */
    public static boolean isGrpcWebAnyCase(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = (parameters < 0 ? contentType : contentType.substring(0, parameters)).strip();
        return type.equalsIgnoreCase(GRPC_WEB) || type.equalsIgnoreCase(GRPC_WEB_PROTO);
    }

    /** A bare protobuf message. */
    public static boolean isProtobuf(@Nullable String contentType) {
        return PROTOBUF.equals(contentType);
    }
}
