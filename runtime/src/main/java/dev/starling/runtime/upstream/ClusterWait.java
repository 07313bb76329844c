package dev.starling.runtime.upstream;

import dev.starling.config.discovery.OnDemandClusters;
import dev.starling.runtime.cluster.ClusterRequests;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import java.util.function.Consumer;

/** One who waits for a cluster that a control plane was asked for; told once. Confined to the loop. */
public final class ClusterWait extends TimerWheel.Timer {

    private final Consumer<Outcome> told;
    private final ClusterRequests.Request request;
    private boolean over;

    public enum Outcome {
        /** The cluster is in service, or will not be for now. */
        ANSWERED,
        TIMED_OUT
    }

    private ClusterWait(
            Loop loop, ClusterRequests requests, OnDemandClusters clusters, String name, Consumer<Outcome> told) {
        this.told = told;
        this.request = requests.ask(name, clusters, () -> loop.run(() -> over(Outcome.ANSWERED)));
    }

    /** Asks, and waits from now on. */
    public static ClusterWait begin(
            Loop loop, ClusterRequests requests, OnDemandClusters clusters, String name, Consumer<Outcome> told) {
        ClusterWait wait = new ClusterWait(loop, requests, clusters, name, told);
        loop.timers().arm(wait, clusters.timeout().toNanos());
        return wait;
    }

    @Override
    protected void expired() {
        over(Outcome.TIMED_OUT);
    }

    private void over(Outcome outcome) {
        if (!over) {
            end();
            told.accept(outcome);
        }
    }

    /** Waits no longer. */
    public void end() {
        over = true;
        cancel();
        request.end();
    }
}
