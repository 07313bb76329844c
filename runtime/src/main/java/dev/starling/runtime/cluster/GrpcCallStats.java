package dev.starling.runtime.cluster;

import dev.starling.runtime.grpc.GrpcMethod;
import dev.starling.runtime.stats.StatsScope;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * gRPC calls to a cluster by method, {@code cluster.<name>.grpc.<service>.<method>.} As methods are what clients say,
 * there is room for so many of them, and what comes later shares {@code cluster.<name>.grpc.} with what has no method.
 * Any thread.
 */
public final class GrpcCallStats {

    public static final int MAX_METHODS = 1_000;

    private final StatsScope scope;
    private final Map<Key, GrpcMethodStats> methods = new ConcurrentHashMap<>();

    private record Key(String protocol, @Nullable GrpcMethod method) {}

    /** @param scope {@code cluster.<name>.} */
    GrpcCallStats(StatsScope scope) {
        this.scope = scope;
    }

    /**
     * @param protocol {@code grpc} or {@code grpc-web}
     * @param method null for all without a name
     */
    public GrpcMethodStats of(String protocol, @Nullable GrpcMethod method) {
        Key key = new Key(protocol, method);
        GrpcMethodStats known = methods.get(key);
        if (known != null) {
            return known;
        }
        if (method == null) {
            return methods.computeIfAbsent(key, k -> new GrpcMethodStats(scope, protocol + "."));
        }
        return methods.size() >= MAX_METHODS
                ? of(protocol, null)
                : methods.computeIfAbsent(
                        key,
                        k -> new GrpcMethodStats(scope, protocol + "." + method.service() + "." + method.name() + "."));
    }
}
