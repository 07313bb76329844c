package dev.starling.healthcheck.outlier;

import static dev.starling.healthcheck.outlier.OutlierKind.CONSECUTIVE_5XX;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** With Envoy's defaults: a sweep each 10 s, 30 s the first time, never more than 300 s. */
class EjectionHistoryTest {

    private static final long START = -Duration.ofHours(1).toNanos();

    private EjectionHistory history = EjectionHistory.NONE;

    @Test
    void eachEjectionLastsLongerUpToTheMaximum() {
        var seconds = new ArrayList<Long>();

        for (int i = 0; i < 13; i++) {
            history = eject(0);
            seconds.add(history.ejectionMillis(Settings.DEFAULTS) / 1000);
            history = history.readmit(START);
        }

        assertThat(seconds).containsExactly(30L, 60L, 90L, 120L, 150L, 180L, 210L, 240L, 270L, 300L, 300L, 300L, 300L);
        assertThat(history.ejections()).isEqualTo(13);
        assertThat(history.multiplier()).isEqualTo(11);
    }

    @Test
    void isOverToTheNanosecond() {
        history = eject(1);
        long end = START + Duration.ofMillis(30_001).toNanos();

        assertThat(history.isOver(end - 1, Settings.DEFAULTS)).isFalse();
        assertThat(history.isOver(end, Settings.DEFAULTS)).isTrue();
        assertThat(history.readmit(end).isOver(end, Settings.DEFAULTS)).isFalse();
    }

    @Test
    void goodBehaviourBringsTheMultiplierDownAStepASweep() {
        history = eject(0).readmit(START);
        history = eject(0);
        assertThat(relaxAfter(30).multiplier()).isEqualTo(2);
        history = history.readmit(START);
        assertThat(history.multiplier()).isEqualTo(2);

        assertThat(relaxAfter(9).multiplier()).isEqualTo(2);
        assertThat(relaxAfter(10).multiplier()).isEqualTo(1);
        assertThat(relaxAfter(20).multiplier()).isZero();
        assertThat(relaxAfter(30).multiplier()).isZero();

        assertThat(eject(0).multiplier()).isEqualTo(1);
        assertThat(history.ejections()).isEqualTo(2);
    }

    @Test
    void knowsWhenItsLastActionWas() {
        long later = START + Duration.ofMillis(2_999).toNanos();
        assertThat(history.secondsSinceReadmission(later)).isEmpty();
        assertThat(history.secondsSinceEjection(later)).isEmpty();

        history = eject(0);
        assertThat(history.secondsSinceReadmission(later)).isEmpty();
        assertThat(history.secondsSinceEjection(later)).hasValue(2);
        history = history.readmit(START);

        assertThat(history.secondsSinceReadmission(later)).hasValue(2);
    }

    private EjectionHistory eject(long jitterMillis) {
        return history.eject(CONSECUTIVE_5XX, START, jitterMillis, Settings.DEFAULTS);
    }

    private EjectionHistory relaxAfter(long seconds) {
        history = history.relax(START + Duration.ofSeconds(seconds).toNanos(), Settings.DEFAULTS);
        return history;
    }
}
