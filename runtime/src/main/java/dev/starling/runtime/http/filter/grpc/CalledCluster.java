package dev.starling.runtime.http.filter.grpc;

import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.cluster.GrpcCallStats;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.route.Forward;
import org.jspecify.annotations.Nullable;

/** Where the calls of an exchange are counted. */
final class CalledCluster {

    private CalledCluster() {}

    /** Null if the request goes to no cluster. */
    static @Nullable GrpcCallStats stats(ExchangeContext context) {
        ClusterSlot slot = context.route() instanceof Forward forward ? forward.cluster() : null;
        ClusterSnapshot cluster = slot == null ? null : slot.current();
        return cluster == null ? null : cluster.traffic().grpcCalls();
    }
}
