package dev.starling.lb;

import dev.starling.config.Locality;

/**
 * The endpoints of one locality within one priority.
 *
 * @param weight 0: no locality-weighted traffic
 */
public record LocalityGroup(Locality locality, int weight, HealthLists lists) {}
