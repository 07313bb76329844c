package dev.starling.healthcheck.outlier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.OutlierDetection;
import dev.starling.healthcheck.Examples;
import dev.starling.healthcheck.ManualKit;
import dev.starling.healthcheck.outlier.OutlierDetector.Command;
import dev.starling.healthcheck.outlier.OutlierDetector.Crossed;
import dev.starling.healthcheck.outlier.OutlierDetector.Detecting;
import dev.starling.healthcheck.outlier.OutlierDetector.GetState;
import dev.starling.healthcheck.outlier.OutlierDetector.Members;
import dev.starling.healthcheck.outlier.OutlierDetector.PassedActiveCheck;
import dev.starling.healthcheck.outlier.OutlierDetector.State;
import dev.starling.lb.Endpoint;
import dev.starling.lb.HealthFlag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutlierDetectorTest {

    private static final int BAD_GATEWAY = 502;

    private final ManualKit manual = new ManualKit();

    private final List<Fixture> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(Fixture::stop);
        started.clear();
    }

    @AfterAll
    void shutdown() {
        manual.shutdown();
    }

    /** One detector under test, and the data path's monitor that feeds it. */
    private final class Fixture {
        final List<Endpoint> endpoints;
        final RecordingStats stats = new RecordingStats();
        final Queue<String> events = new ConcurrentLinkedQueue<>();
        final TestProbe<List<Endpoint>> changes = manual.kit().createTestProbe();
        final TestProbe<State> states = manual.kit().createTestProbe();
        final ActorRef<Command> detector;
        final OutlierMonitor monitor;
        volatile boolean publishFails;

        Fixture(OutlierDetection settings, int size) {
            endpoints = Examples.endpoints(size);
            var detecting = new Detecting(
                    "c",
                    settings,
                    new Random(1),
                    manual.clock(),
                    manual.clock(),
                    stats,
                    event -> events.add(event.toJson()),
                    this::publish);
            detector = manual.kit().spawn(OutlierDetector.create(detecting, endpoints));
            monitor = OutlierMonitor.of(settings, (endpoint, kind) -> detector.tell(new Crossed(endpoint, kind)));
        }

        void publish(List<Endpoint> changed) {
            if (publishFails) {
                throw new IllegalStateException("a bug in publishing");
            }
            changes.ref().tell(changed);
        }

        void fail(Endpoint endpoint, int times, int status) {
            for (int i = 0; i < times; i++) {
                monitor.onResponse(endpoint, status);
            }
        }

        void expectChanged(Endpoint... changed) {
            changes.expectMessage(List.of(changed));
        }

        State inspect() {
            detector.tell(new GetState(states.ref()));
            return states.receiveMessage();
        }

        boolean isOut(Endpoint endpoint) {
            return endpoint.state().has(HealthFlag.FAILED_OUTLIER_CHECK);
        }

        /** One at a time: the timer of the next starts when the actor has done this one. */
        void sweeps(int count) {
            for (int i = 0; i < count; i++) {
                manual.pass(Settings.DEFAULTS.interval());
                inspect();
            }
        }

        void stop() {
            manual.kit().stop(detector);
        }
    }

    @Test
    void ejectsAfterFailuresInARowAndReadmitsWhenTheTimeIsOver() {
        var fixture = start(Settings.maxEjected(100), 2);
        var sick = fixture.endpoints.get(0);

        fixture.fail(sick, 4, 500);
        assertThat(fixture.inspect().ejected()).isEmpty();
        fixture.fail(sick, 1, 500);
        fixture.expectChanged(sick);
        assertThat(fixture.isOut(sick)).isTrue();
        assertThat(fixture.stats.values())
                .isEqualTo(Map.of("active", 1, "detected_consecutive_5xx", 1, "enforced_consecutive_5xx", 1));

        fixture.sweeps(2);
        assertThat(fixture.inspect().ejected()).hasSize(1);
        fixture.sweeps(1);
        fixture.expectChanged(sick);
        assertThat(fixture.isOut(sick)).isFalse();
        assertThat(fixture.stats.values()).doesNotContainKey("active");
        assertThat(fixture.events)
                .anySatisfy(line -> assertThat(line)
                        .contains("\"action\":\"EJECT\",\"num_ejections\":1,\"enforced\":true")
                        .doesNotContain("secs_since_last_action"))
                .anySatisfy(line -> assertThat(line)
                        .contains("\"secs_since_last_action\":\"30\"")
                        .contains("\"action\":\"UNEJECT\",\"num_ejections\":1,\"enforced\":false"));
    }

    @Test
    void ejectsOneOfTenAndCountsTheRestAsOverflow() {
        var fixture = start(Settings.DEFAULTS, 10);

        fixture.endpoints.forEach(endpoint -> fixture.fail(endpoint, 5, BAD_GATEWAY));

        fixture.expectChanged(fixture.endpoints.get(0));
        assertThat(fixture.inspect().ejected()).hasSize(1);
        // Each crosses both thresholds at once: the gateway's first, whose dice always spare; once one is out, all
        // overflow.
        assertThat(fixture.stats.values())
                .isEqualTo(Map.of(
                        "active", 1,
                        "detected_consecutive_5xx", 10,
                        "detected_consecutive_gateway_failure", 10,
                        "enforced_consecutive_5xx", 1,
                        "not_enforced_consecutive_gateway_failure", 1,
                        "overflow", 18));
    }

    @Test
    void detectsTheNextRunOfFailuresOfWhoWasSpared() {
        var fixture = start(Settings.DEFAULTS, 9);
        var sick = fixture.endpoints.get(0);

        fixture.fail(sick, 5, 500);
        fixture.inspect();
        assertThat(sick.state().consecutive5xx()).hasValue(0);
        fixture.fail(sick, 5, 500);
        fixture.inspect();

        assertThat(fixture.stats.values()).isEqualTo(Map.of("detected_consecutive_5xx", 2, "overflow", 2));
        assertThat(fixture.isOut(sick)).isFalse();
        assertThat(fixture.events).isEmpty();
    }

    @Test
    void logsAnEjectionThatTheDiceSpared() {
        var fixture = start(Settings.enforcing(0, 0), 1);

        fixture.fail(fixture.endpoints.get(0), 3, 500);

        assertThat(fixture.inspect().ejected()).isEmpty();
        assertThat(fixture.events)
                .singleElement()
                .asString()
                .contains("\"action\":\"EJECT\",\"num_ejections\":0,\"enforced\":false");
    }

    @Test
    void clearsBothCountersOfWhoComesBack() {
        var fixture = start(Settings.maxEjected(100), 1);
        var sick = fixture.endpoints.get(0);
        fixture.fail(sick, 9, BAD_GATEWAY);
        fixture.expectChanged(sick);
        fixture.fail(sick, 3, BAD_GATEWAY);

        fixture.sweeps(3);

        fixture.expectChanged(sick);
        assertThat(sick.state().consecutive5xx()).hasValue(0);
        assertThat(sick.state().consecutiveGatewayFailure()).hasValue(0);
    }

    @Test
    void readmitsEarlyWhenAnActiveCheckPasses() {
        var fixture = start(Settings.maxEjected(100), 1);
        var sick = fixture.endpoints.get(0);
        fixture.detector.tell(new PassedActiveCheck(sick));
        fixture.fail(sick, 5, 500);
        fixture.expectChanged(sick);

        sick.state().set(HealthFlag.FAILED_ACTIVE_HC);
        fixture.detector.tell(new PassedActiveCheck(sick));
        assertThat(fixture.inspect().ejected()).hasSize(1);
        sick.state().clear(HealthFlag.FAILED_ACTIVE_HC);
        fixture.detector.tell(new PassedActiveCheck(sick));

        fixture.expectChanged(sick);
        assertThat(fixture.isOut(sick)).isFalse();
    }

    @Test
    void leavesReadmissionToTimeIfToldTo() {
        var fixture = start(Settings.withoutReadmissionByChecks(100), 1);
        var sick = fixture.endpoints.get(0);
        fixture.fail(sick, 5, 500);
        fixture.expectChanged(sick);

        fixture.detector.tell(new PassedActiveCheck(sick));

        assertThat(fixture.inspect().ejected()).hasSize(1);
        assertThat(fixture.isOut(sick)).isTrue();
    }

    @Test
    void forgetsWhoLeft() {
        var fixture = start(Settings.maxEjected(50), 2);
        var left = fixture.endpoints.get(0);
        fixture.fail(left, 5, 500);
        fixture.expectChanged(left);
        var returned = Examples.endpoint(0);

        fixture.detector.tell(new Members(List.of(fixture.endpoints.get(1), returned)));
        assertThat(fixture.inspect().ejected()).isEmpty();
        assertThat(fixture.stats.values()).doesNotContainKey("active");
        fixture.detector.tell(new Crossed(left, OutlierKind.CONSECUTIVE_5XX));
        fixture.fail(returned, 5, 500);

        fixture.expectChanged(returned);
        assertThat(fixture.isOut(left)).isFalse();
        assertThat(fixture.inspect().endpoints()).isEqualTo(2);
    }

    @Test
    void readmitsAllWhenItEnds() {
        var fixture = start(Settings.maxEjected(100), 3);
        fixture.fail(fixture.endpoints.get(0), 5, 500);
        fixture.fail(fixture.endpoints.get(2), 5, 500);
        fixture.expectChanged(fixture.endpoints.get(0));
        fixture.expectChanged(fixture.endpoints.get(2));

        fixture.stop();

        fixture.expectChanged(fixture.endpoints.get(0), fixture.endpoints.get(2));
        assertThat(fixture.endpoints).noneMatch(fixture::isOut);
        assertThat(fixture.stats.values()).doesNotContainKey("active");
    }

    @Test
    void goesOnAfterABugInPublishing() {
        var fixture = start(Settings.maxEjected(100), 1);
        var sick = fixture.endpoints.get(0);
        fixture.publishFails = true;
        LoggingTestKit.error("a bug in publishing").expect(manual.kit().system(), () -> {
            fixture.fail(sick, 5, 500);
            return null;
        });
        fixture.publishFails = false;

        fixture.sweeps(3);

        fixture.expectChanged(sick);
        assertThat(fixture.isOut(sick)).isFalse();
    }

    @Test
    void showsItsState() {
        var fixture = start(Settings.jittered(50, false, Duration.ofMillis(1)), 2);
        var sick = fixture.endpoints.get(0);
        fixture.fail(sick, 5, 500);
        fixture.expectChanged(sick);
        fixture.sweeps(4);
        fixture.expectChanged(sick);
        fixture.fail(sick, 5, 500);
        fixture.expectChanged(sick);
        manual.pass(Duration.ofSeconds(4));

        var state = fixture.inspect();

        assertThat(state.cluster()).isEqualTo("c");
        assertThat(state.endpoints()).isEqualTo(2);
        assertThat(state.ejected()).singleElement().satisfies(ejected -> {
            assertThat(ejected.endpoint()).isEqualTo("10.0.0.1:8000");
            assertThat(ejected.kind()).isEqualTo(OutlierKind.CONSECUTIVE_5XX);
            assertThat(ejected.ejections()).isEqualTo(2);
            assertThat(ejected.multiplier()).isEqualTo(2);
            assertThat(ejected.since()).isEqualTo(Duration.ofSeconds(4));
            assertThat(ejected.left()).isBetween(Duration.ofSeconds(56), Duration.ofMillis(56_001));
        });
    }

    private Fixture start(OutlierDetection settings, int size) {
        var fixture = new Fixture(settings, size);
        started.add(fixture);
        return fixture;
    }
}
