package dev.starling.lb;

import static dev.starling.lb.HealthFlag.DEGRADED_ACTIVE_HC;
import static dev.starling.lb.HealthFlag.DEGRADED_EDS_HEALTH;
import static dev.starling.lb.HealthFlag.DEGRADED_OUTLIER_DETECTION;
import static dev.starling.lb.HealthFlag.EDS_STATUS_DRAINING;
import static dev.starling.lb.HealthFlag.EXCLUDED_VIA_IMMEDIATE_HC_FAIL;
import static dev.starling.lb.HealthFlag.FAILED_ACTIVE_HC;
import static dev.starling.lb.HealthFlag.FAILED_EDS_HEALTH;
import static dev.starling.lb.HealthFlag.FAILED_OUTLIER_CHECK;
import static dev.starling.lb.HealthFlag.PENDING_ACTIVE_HC;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HealthFlagTest {

    private static final Set<HealthFlag> UNHEALTHY =
            EnumSet.of(FAILED_ACTIVE_HC, FAILED_OUTLIER_CHECK, FAILED_EDS_HEALTH, EDS_STATUS_DRAINING);
    private static final Set<HealthFlag> DEGRADED =
            EnumSet.of(DEGRADED_ACTIVE_HC, DEGRADED_EDS_HEALTH, DEGRADED_OUTLIER_DETECTION);
    private static final Set<HealthFlag> EXCLUDED =
            EnumSet.of(PENDING_ACTIVE_HC, EXCLUDED_VIA_IMMEDIATE_HC_FAIL, EDS_STATUS_DRAINING);

    @Test
    void everyFlagCountsAsEnvoyCountsIt() {
        for (HealthFlag flag : HealthFlag.values()) {
            boolean harmless = !UNHEALTHY.contains(flag) && !DEGRADED.contains(flag);

            assertThat(HealthFlag.healthy(flag.bit())).as("healthy " + flag).isEqualTo(harmless);
            assertThat(HealthFlag.degraded(flag.bit())).as("degraded " + flag).isEqualTo(DEGRADED.contains(flag));
            assertThat(HealthFlag.excluded(flag.bit())).as("excluded " + flag).isEqualTo(EXCLUDED.contains(flag));
        }
    }

    @Test
    void noFlagIsHealthy() {
        assertThat(HealthFlag.healthy(0)).isTrue();
        assertThat(HealthFlag.degraded(0)).isFalse();
        assertThat(HealthFlag.excluded(0)).isFalse();
    }

    @Test
    void failingOutweighsDegraded() {
        int both = DEGRADED_ACTIVE_HC.bit() | FAILED_EDS_HEALTH.bit();

        assertThat(HealthFlag.degraded(both)).isFalse();
        assertThat(HealthFlag.healthy(both)).isFalse();
    }

    @Test
    void theBitsAreEnvoys() {
        assertThat(HealthFlag.values())
                .extracting(HealthFlag::bit)
                .containsExactly(0x1, 0x2, 0x4, 0x8, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400);
    }
}
