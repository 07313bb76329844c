package dev.starling.runtime.stats;

/**
 * What a store will hold at most. What goes beyond is counted in {@code starling.stats.refused} and kept nowhere.
 *
 * @param maxStats names of all kinds together
 * @param maxNameLength characters of a full name, and so of every label cut out of it
 */
public record StatsLimits(int maxStats, int maxNameLength) {

    public static final StatsLimits DEFAULT = new StatsLimits(1_000_000, 1_024);

    public StatsLimits {
        if (maxStats < 1 || maxNameLength < 1) {
            throw new IllegalArgumentException("limits must be positive: " + maxStats + ", " + maxNameLength);
        }
    }
}
