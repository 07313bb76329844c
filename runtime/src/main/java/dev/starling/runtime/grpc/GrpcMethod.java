package dev.starling.runtime.grpc;

import org.jspecify.annotations.Nullable;

/** What a path names: {@code /package.Service/Method}. */
public record GrpcMethod(String service, String name) {

    /** Null unless the path, up to its query, has two parts; empty ones do not count, as in Envoy. */
    public static @Nullable GrpcMethod of(String path) {
        int end = path.indexOf('?');
        end = end < 0 ? path.length() : end;
        String service = null;
        String name = null;
        int at = 0;
        while (at < end) {
            int slash = path.indexOf('/', at);
            int partEnd = slash < 0 || slash > end ? end : slash;
            if (partEnd > at) {
                if (name != null) {
                    return null;
                }
                String part = path.substring(at, partEnd);
                if (service == null) {
                    service = part;
                } else {
                    name = part;
                }
            }
            at = partEnd + 1;
        }
        return service == null || name == null ? null : new GrpcMethod(service, name);
    }

    /** With underscores for the dots of the service, which separate the parts of a statistic's name. */
    public GrpcMethod withoutDots() {
        return new GrpcMethod(service.replace('.', '_'), name);
    }
}
