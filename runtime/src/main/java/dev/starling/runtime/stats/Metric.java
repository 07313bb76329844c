package dev.starling.runtime.stats;

/** A named stat of any kind. */
public sealed interface Metric permits Counter, Gauge, Histogram, TextReadout {

    /** Envoy's full name, such as {@code cluster.shop.upstream_rq_total}. */
    String name();

    /** Whether it was ever written, which is what {@code usedonly} asks. */
    boolean used();
}
