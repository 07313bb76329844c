package dev.starling.runtime.network.tcpproxy;

import dev.starling.config.discovery.OnDemandClusters;
import dev.starling.runtime.cluster.ClusterRequests;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.upstream.ClusterWait;
import dev.starling.runtime.upstream.ClusterWait.Outcome;
import org.jspecify.annotations.Nullable;

/** The one time that a session waits for its cluster, if that is not there. Confined to the loop. */
final class OnDemandCluster {

    private final OnDemandClusters clusters;
    private final ClusterRequests requests;
    private final OnDemandStats stats;
    private final Loop loop;
    private @Nullable ClusterWait wait;
    private @Nullable Outcome outcome;
    private boolean over;

    OnDemandCluster(OnDemandClusters clusters, ClusterRequests requests, OnDemandStats stats, Loop loop) {
        this.clusters = clusters;
        this.requests = requests;
        this.stats = stats;
        this.loop = loop;
    }

    /**
     * Whether the session waits, of which it is told by {@code wake}.
     *
     * @param there whether there is such a cluster now
     */
    boolean waits(String name, boolean there, Runnable wake) {
        if (over || (there && wait == null)) {
            return false;
        }
        if (wait == null) {
            stats.attempt().inc(loop.stats());
            wait = ClusterWait.begin(loop, requests, clusters, name, how -> {
                outcome = how;
                wake.run();
            });
            return true;
        }
        if (!there && outcome == null) {
            return true;
        }
        end();
        (there ? stats.success() : outcome == Outcome.TIMED_OUT ? stats.timeout() : stats.missing()).inc(loop.stats());
        return false;
    }

    void end() {
        over = true;
        if (wait != null) {
            wait.end();
        }
    }
}
