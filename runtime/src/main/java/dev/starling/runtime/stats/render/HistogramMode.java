package dev.starling.runtime.stats.render;

/** What is shown of a histogram, as {@code histogram_buckets} says. */
public enum HistogramMode {
    /** Quantiles. */
    SUMMARY,
    /** Values at or below each of a few bounds. */
    CUMULATIVE,
    /** Values between each two bounds. */
    DISJOINT,
    /** Every bucket there is, and quantiles. */
    DETAILED
}
