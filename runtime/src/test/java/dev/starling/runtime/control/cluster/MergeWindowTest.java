package dev.starling.runtime.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MergeWindowTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long START = Long.MIN_VALUE / 2;

    private final MergeWindow fresh = MergeWindow.of(Duration.ofSeconds(1));

    @Test
    void deliversTheFirstChangeAtOnceAsOutOfWindow() {
        assertThat(fresh.changed(true, START)).satisfies(step -> {
            assertThat(step.deliver()).isTrue();
            assertThat(step.outOfWindow()).isTrue();
            assertThat(step.arm()).isFalse();
            assertThat(step.cancelled()).isFalse();
        });
    }

    @Test
    void holdsAMergeableChangeWithinTheWindowAndArmsOnce() {
        var open = fresh.changed(true, START).window();

        var second = open.changed(true, START + SECOND);
        var third = second.window().changed(true, START + SECOND);

        assertThat(second.deliver()).isFalse();
        assertThat(second.arm()).isTrue();
        assertThat(third.deliver()).isFalse();
        assertThat(third.arm()).isFalse();
    }

    @Test
    void deliversAgainOnceMoreThanAWindowHasPassed() {
        var open = fresh.changed(true, START).window();

        assertThat(open.changed(true, START + SECOND + 1).deliver()).isTrue();
    }

    @Test
    void deliversMembershipAtOnceAndCancelsWhatWaited() {
        var waiting =
                fresh.changed(true, START).window().changed(true, START + 1).window();

        var membership = waiting.changed(false, START + 2);

        assertThat(membership.deliver()).isTrue();
        assertThat(membership.cancelled()).isTrue();
        assertThat(membership.outOfWindow()).isFalse();
        assertThat(membership.window().waiting()).isFalse();
    }

    @Test
    void beginsANewWindowWithEachDelivery() {
        var merged = fresh.changed(true, START)
                .window()
                .changed(true, START + 1)
                .window()
                .merged(START + SECOND);

        assertThat(merged.changed(true, START + SECOND + 1).deliver()).isFalse();
    }

    @Test
    void holdsNothingWithoutAWindow() {
        var none = MergeWindow.of(Duration.ZERO);

        var step = none.changed(true, START);

        assertThat(step.deliver()).isTrue();
        assertThat(step.outOfWindow()).isFalse();
        assertThat(step.window().changed(true, START).deliver()).isTrue();
    }
}
