package dev.starling.runtime.stats.render;

/** Writes a page a piece at a time. */
sealed interface StatsWriter permits TextStats, JsonStats, PrometheusStats {

    /** Appends the next piece, about a stat's worth; false if there is none. */
    boolean write(StringBuilder page);
}
