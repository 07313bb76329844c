package dev.starling.lb.picker;

/** The balancing counters of a cluster, named after Envoy's; implemented where counters live. */
public interface LbStats {

    /** {@code lb_healthy_panic}: a pick went to a priority in panic. */
    void healthyPanic();
}
