package dev.starling.runtime.http.filter;

import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.grpc.GrpcStatus;
import dev.starling.runtime.message.Headers;
import org.jspecify.annotations.Nullable;

/**
 * An answer made by the proxy.
 *
 * @param body plain text, may be empty
 * @param details response code details as Envoy words them
 * @param headers further headers, or null
 * @param grpcStatus what a gRPC client is told; {@link GrpcStatus#NONE}: what the HTTP status means
 */
public record LocalReply(
        int status,
        String body,
        @Nullable ResponseFlag flag,
        String details,
        @Nullable Headers headers,
        int grpcStatus) {

    public LocalReply(int status, String body, @Nullable ResponseFlag flag, String details, @Nullable Headers headers) {
        this(status, body, flag, details, headers, GrpcStatus.NONE);
    }

    public static LocalReply of(int status, String body, @Nullable ResponseFlag flag, String details) {
        return new LocalReply(status, body, flag, details, null);
    }

    public LocalReply withHeaders(Headers newHeaders) {
        return new LocalReply(status, body, flag, details, newHeaders, grpcStatus);
    }

    public LocalReply withGrpcStatus(int newGrpcStatus) {
        return new LocalReply(status, body, flag, details, headers, newGrpcStatus);
    }
}
