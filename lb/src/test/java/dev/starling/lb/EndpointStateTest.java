package dev.starling.lb;

import static dev.starling.lb.HealthFlag.DEGRADED_ACTIVE_HC;
import static dev.starling.lb.HealthFlag.FAILED_ACTIVE_HC;
import static dev.starling.lb.HealthFlag.FAILED_EDS_HEALTH;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EndpointStateTest {

    private final EndpointState state = new EndpointState();

    @Test
    void settingAndClearingSayWhetherTheyChangedAnything() {
        assertThat(state.set(FAILED_EDS_HEALTH)).isTrue();
        assertThat(state.set(FAILED_EDS_HEALTH)).isFalse();
        assertThat(state.clear(FAILED_EDS_HEALTH)).isTrue();
        assertThat(state.clear(FAILED_EDS_HEALTH)).isFalse();
    }

    @Test
    void replacingLeavesTheFlagsOfOthers() {
        state.set(FAILED_EDS_HEALTH);
        state.set(FAILED_ACTIVE_HC);

        state.replace(FAILED_ACTIVE_HC.bit() | DEGRADED_ACTIVE_HC.bit(), DEGRADED_ACTIVE_HC.bit() | 0x2);

        assertThat(state.healthFlags()).isEqualTo(FAILED_EDS_HEALTH.bit() | DEGRADED_ACTIVE_HC.bit());
    }

    @Test
    void slowStartBeginsOnce() {
        state.beginSlowStart(-7);
        state.beginSlowStart(8);

        assertThat(state.slowStartBeganNanos()).isEqualTo(-7);
    }

    @Test
    void slowStartBeginsAgainAfterAFailedCheckPasses() {
        state.beginSlowStart(1);
        state.replace(FAILED_ACTIVE_HC.bit(), FAILED_ACTIVE_HC.bit());
        assertThat(state.slowStartBeganNanos()).isEqualTo(1);

        state.replace(FAILED_ACTIVE_HC.bit() | DEGRADED_ACTIVE_HC.bit(), DEGRADED_ACTIVE_HC.bit());
        state.beginSlowStart(9);
        state.replace(FAILED_ACTIVE_HC.bit() | DEGRADED_ACTIVE_HC.bit(), 0);

        assertThat(state.slowStartBeganNanos()).isEqualTo(9);
    }
}
