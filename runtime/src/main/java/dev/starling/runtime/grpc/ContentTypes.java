package dev.starling.runtime.grpc;

import org.jspecify.annotations.Nullable;

/** By what a message says that it is gRPC's. */
public final class ContentTypes {

    public static final String GRPC = "application/grpc";

    private ContentTypes() {}

    /** {@code application/grpc} or {@code application/grpc+…}, and not {@code application/grpc-web}; as in Envoy by the letter. */
    public static boolean isGrpc(@Nullable String contentType) {
        return contentType != null
                && contentType.startsWith(GRPC)
                && (contentType.length() == GRPC.length() || contentType.charAt(GRPC.length()) == '+');
    }
}
