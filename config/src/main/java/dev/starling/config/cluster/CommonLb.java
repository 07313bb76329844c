package dev.starling.config.cluster;

import dev.starling.config.Percent;
import java.time.Duration;

/**
 * {@code common_lb_config}.
 *
 * @param panicThreshold 0 disables panic
 * @param localityWeighted traffic follows locality weights
 * @param updateMergeWindow health, weight and metadata changes may wait this long; 0 disables
 */
public record CommonLb(
        Percent panicThreshold,
        boolean localityWeighted,
        Duration updateMergeWindow,
        boolean ignoreNewHostsUntilFirstHealthCheck) {

    public static final CommonLb DEFAULT = new CommonLb(new Percent(50), false, Duration.ofSeconds(1), false);
}
