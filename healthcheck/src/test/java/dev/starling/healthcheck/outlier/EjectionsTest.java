package dev.starling.healthcheck.outlier;

import static dev.starling.healthcheck.outlier.Ejections.Verdict.EJECTED;
import static dev.starling.healthcheck.outlier.Ejections.Verdict.NOT_ENFORCED;
import static dev.starling.healthcheck.outlier.Ejections.Verdict.OVERFLOW;
import static dev.starling.healthcheck.outlier.OutlierKind.CONSECUTIVE_5XX;
import static dev.starling.healthcheck.outlier.OutlierKind.CONSECUTIVE_GATEWAY_FAILURE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.OutlierDetection;
import dev.starling.healthcheck.Examples;
import dev.starling.lb.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EjectionsTest {

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);

    private long nowNanos = -Duration.ofHours(1).toNanos();

    @ParameterizedTest
    @CsvSource({
        // As real Envoy does: of ten endpoints one, of nine none.
        "10, 10, 1",
        "9,  10, 0",
        "19, 10, 1",
        "20, 10, 2",
        "2,  50, 1",
        "3,  33, 0",
        "3,  34, 1",
        "4,  99, 3",
        "4, 100, 4",
        "1, 100, 1",
        "5,   0, 0",
    })
    void ejectsNoMoreThanTheMaximumShare(int endpoints, double percent, int expected) {
        assertThat(ejectAll(Settings.maxEjected(percent), endpoints)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, 10, 1", "9, 10, 1", "9, 0, 1", "20, 10, 2", "4, 100, 4"})
    void ejectsOneInAnyCaseIfToldTo(int endpoints, double percent, int expected) {
        assertThat(ejectAll(Settings.alwaysOne(percent), endpoints)).isEqualTo(expected);
    }

    @Test
    void ignoresStrangersAndWhoIsOutAlready() {
        var members = Examples.endpoints(2);
        var ejections = ejections(Settings.maxEjected(100), members);

        assertThat(ejections.isCandidate(Examples.endpoint(0))).isFalse();
        assertThat(judge(ejections, members.get(0))).isEqualTo(EJECTED);
        assertThat(ejections.isCandidate(members.get(0))).isFalse();
        assertThat(ejections.history(members.get(0)).ejections()).isEqualTo(1);
    }

    @Test
    void throwsTheDiceOfEachKind() {
        var members = Examples.endpoints(2000);
        var ejections = ejections(Settings.enforcing(30, 0), members);

        int ejected = 0;
        for (var endpoint : members) {
            assertThat(ejections.judge(endpoint, CONSECUTIVE_GATEWAY_FAILURE, nowNanos))
                    .isEqualTo(NOT_ENFORCED);
            ejected += ejections.judge(endpoint, CONSECUTIVE_5XX, nowNanos) == EJECTED ? 1 : 0;
        }

        // Five standard deviations either way.
        assertThat(ejected).as("seed %d", seed).isBetween(500, 700);
    }

    @Test
    void saysOverflowBeforeItThrowsTheDice() {
        var endpoint = Examples.endpoint(1);

        assertThat(judge(ejections(Settings.DEFAULTS, List.of(endpoint)), endpoint))
                .isEqualTo(OVERFLOW);
    }

    @Test
    void readmitsAtTheSweepAfterTheTimeIsOver() {
        var members = Examples.endpoints(2);
        var ejections = ejections(Settings.maxEjected(100), members);
        judge(ejections, members.get(1));
        pass(Duration.ofSeconds(10));
        judge(ejections, members.get(0));

        assertThat(sweepAfter(ejections, Duration.ofSeconds(20).minusNanos(1))).isEmpty();
        assertThat(sweepAfter(ejections, Duration.ofNanos(1))).containsExactly(members.get(1));
        assertThat(sweepAfter(ejections, Duration.ofSeconds(10))).containsExactly(members.get(0));
        assertThat(ejections.active()).isZero();
        assertThat(ejections.readmit(members.get(0), nowNanos)).isFalse();
    }

    @Test
    void spreadsReadmissionsByTheJitter() {
        var members = Examples.endpoints(1000);
        var ejections = ejections(Settings.jittered(100, false, Duration.ofSeconds(100)), members);
        members.forEach(endpoint -> judge(ejections, endpoint));
        pass(Duration.ofSeconds(30));

        var backInEachTenth = new ArrayList<Integer>();
        for (int i = 0; i < 10; i++) {
            backInEachTenth.add(sweepAfter(ejections, Duration.ofSeconds(10)).size());
        }

        assertThat(backInEachTenth)
                .as("seed %d", seed)
                .allSatisfy(back -> assertThat(back).isBetween(50, 150));
        assertThat(ejections.active()).isZero();
    }

    @Test
    void whoLeavesLosesItsHistoryAndMakesRoom() {
        var members = Examples.endpoints(10);
        var ejections = ejections(Settings.DEFAULTS, members);
        judge(ejections, members.get(0));
        assertThat(judge(ejections, members.get(1))).isEqualTo(OVERFLOW);

        var returned = Examples.endpoint(0);
        var next = new ArrayList<>(members.subList(1, 10));
        next.add(returned);
        ejections.members(next);

        assertThat(ejections.active()).isZero();
        assertThat(ejections.isCandidate(members.get(0))).isFalse();
        assertThat(judge(ejections, returned)).isEqualTo(EJECTED);
        assertThat(ejections.history(returned).ejections()).isEqualTo(1);
    }

    @Test
    void anEndpointWithNewConfigurationIsTheSame() {
        var members = Examples.endpoints(2);
        var ejections = ejections(Settings.maxEjected(50), members);
        judge(ejections, members.get(0));
        var old = members.get(0);
        var heavier = new Endpoint(
                old.config().withWeight(7), old.address(), old.addressText(), "", old.locality(), 1, old.state());

        ejections.members(List.of(members.get(1), heavier));

        assertThat(ejections.ejected()).containsExactly(heavier);
        assertThat(sweepAfter(ejections, Duration.ofSeconds(30))).containsExactly(heavier);
    }

    /** Whatever comes in whatever order: the share holds at each ejection, the books agree, and all come back. */
    @Test
    void holdsItsPromisesInAnyOrderOfEvents() {
        for (int run = 0; run < 300; run++) {
            long runSeed = seed + run;
            var story = new Random(runSeed);
            var settings = Settings.jittered(
                    story.nextInt(101), story.nextBoolean(), Duration.ofSeconds(story.nextInt(3) * 20L));
            var members = new ArrayList<>(Examples.endpoints(1 + story.nextInt(30)));
            var ejections = new Ejections(settings, story);
            ejections.members(members);

            for (int step = 0; step < 200; step++) {
                happen(story, settings, members, ejections, "seed " + runSeed + " step " + step);
            }

            pass(Duration.ofSeconds(341));
            ejections.sweep(nowNanos);
            assertThat(ejections.ejected()).as("seed %d", runSeed).isEmpty();
            assertThat(ejections.active()).as("seed %d", runSeed).isZero();
        }
    }

    private void happen(
            Random story, OutlierDetection settings, List<Endpoint> members, Ejections ejections, String where) {
        var someone = members.get(story.nextInt(members.size()));
        switch (story.nextInt(8)) {
            case 0 -> {
                members.remove(someone);
                members.add(Examples.endpoint(story.nextInt(100)));
                ejections.members(members);
                assertThat(ejections.isCandidate(someone)).as(where).isFalse();
            }
            case 1 -> {
                if (members.size() > 1) {
                    members.remove(someone);
                    ejections.members(members);
                }
            }
            case 2 -> ejections.readmit(someone, nowNanos);
            case 3 -> sweepAfter(ejections, Duration.ofSeconds(story.nextInt(40)));
            default -> {
                if (ejections.isCandidate(someone) && judge(ejections, someone) == EJECTED) {
                    double share = 100.0 * ejections.active() / members.size();
                    boolean theOne = settings.alwaysEjectOneHost() && ejections.active() == 1;
                    assertThat(share <= settings.maxEjectionPercent().value() || theOne)
                            .as("%s: %s %% of %s", where, share, settings)
                            .isTrue();
                }
            }
        }
        assertThat(ejections.ejected())
                .as(where)
                .hasSize(ejections.active())
                .isSubsetOf(members)
                .doesNotHaveDuplicates();
    }

    private int ejectAll(OutlierDetection settings, int endpoints) {
        var members = Examples.endpoints(endpoints);
        var ejections = ejections(settings, members);
        for (var endpoint : members) {
            assertThat(judge(ejections, endpoint)).isIn(EJECTED, OVERFLOW);
        }
        return ejections.active();
    }

    private Ejections ejections(OutlierDetection settings, List<Endpoint> members) {
        var ejections = new Ejections(settings, random);
        ejections.members(members);
        return ejections;
    }

    private Ejections.Verdict judge(Ejections ejections, Endpoint endpoint) {
        return ejections.judge(endpoint, CONSECUTIVE_5XX, nowNanos);
    }

    private List<Endpoint> sweepAfter(Ejections ejections, Duration time) {
        pass(time);
        return ejections.sweep(nowNanos);
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
    }
}
