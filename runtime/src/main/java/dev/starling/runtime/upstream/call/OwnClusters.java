package dev.starling.runtime.upstream.call;

import dev.starling.runtime.cluster.ClusterSlot;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.upstream.LoopCluster;
import dev.starling.runtime.upstream.LoopClusters;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The clusters as requests of our own see them. Those of xDS are all on one loop, as Envoy has them on its main
 * thread: streams to one cluster share its connection.
 *
 * @param clusters as the loop uses them
 * @param requests {@code http.async-client.rq_total}
 * @param address of this machine, which is what control planes are told that the request is for
 */
public record OwnClusters(Loop loop, LoopClusters clusters, ClusterTable table, Counter requests, String address) {

    /** Looked up with each request: it may have come, or changed, since. On the loop. */
    @Nullable
    LoopCluster find(String name) {
        ClusterSlot slot = table.find(name);
        LoopCluster cluster = slot == null ? null : clusters.cluster(slot);
        if (cluster != null) {
            requests.inc(loop.stats());
        }
        return cluster;
    }

    void addOwnHeaders(Headers headers) {
        headers.set(HeaderName.X_ENVOY_INTERNAL, "true");
        headers.set(HeaderName.X_FORWARDED_FOR, address);
    }

    /** At once if already there, and not at all if there is no loop any more. Any thread. */
    public void onLoop(Runnable task) {
        try {
            loop.run(task);
        } catch (RejectedExecutionException loopHasEnded) {
            // And so has everything that there could be an answer for.
        }
    }
}
