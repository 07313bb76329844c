package dev.starling.healthcheck.active;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.healthcheck.Examples;
import dev.starling.healthcheck.ManualKit;
import dev.starling.healthcheck.active.EndpointHealthSession.Checking;
import dev.starling.healthcheck.active.EndpointHealthSession.Command;
import dev.starling.healthcheck.active.EndpointHealthSession.GetState;
import dev.starling.healthcheck.active.EndpointHealthSession.PassiveFailure;
import dev.starling.healthcheck.active.EndpointHealthSession.Report;
import dev.starling.healthcheck.active.EndpointHealthSession.State;
import dev.starling.lb.Endpoint;
import dev.starling.lb.HealthFlag;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointHealthSessionTest {

    private static final ProbeResult PASSED = new ProbeResult.Passed(false);
    private static final ProbeResult DEGRADED = new ProbeResult.Passed(true);
    private static final ProbeResult FAILED = new ProbeResult.FailedResponse(503, false, "status 503");
    private static final ProbeResult REFUSED = new ProbeResult.NetworkFailure("connection refused");
    private static final Duration MILLI = Duration.ofMillis(1);

    private final ManualKit manual = new ManualKit();

    @AfterAll
    void shutdown() {
        manual.shutdown();
    }

    /** One session under test and all that is around it. */
    private final class Fixture {
        final Endpoint endpoint = Examples.endpoint(1);
        final FakeProber prober = new FakeProber();
        final CountingStats stats = new CountingStats();
        final Queue<HealthEvent> events = new ConcurrentLinkedQueue<>();
        final TestProbe<Report> reports = manual.kit().createTestProbe();
        final TestProbe<State> states = manual.kit().createTestProbe();
        final ActorRef<Command> session;
        volatile boolean trafficSeen = true;

        Fixture() {
            endpoint.state().set(HealthFlag.FAILED_ACTIVE_HC);
            var checking = new Checking(
                    "c",
                    Examples.healthCheck(3, 2),
                    prober,
                    new Random(1),
                    manual.clock(),
                    () -> trafficSeen,
                    stats,
                    entry -> events.add(entry.event()),
                    reports.ref()::tell);
            session = manual.kit().spawn(EndpointHealthSession.create(endpoint, checking));
        }

        /** Answers the check in flight, and returns once the session has dealt with that. */
        State answer(ProbeResult result) throws InterruptedException {
            prober.next().accept(result);
            return inspect();
        }

        State inspect() {
            session.tell(new GetState(states.ref()));
            return states.receiveMessage();
        }

        void expectReport(boolean first, boolean passed, boolean changed) {
            reports.expectMessage(new Report(endpoint, first, passed, changed));
        }

        List<String> flags() {
            return HealthFlag.texts(endpoint.state().healthFlags());
        }

        void stop() {
            manual.kit().stop(session);
        }
    }

    private Fixture fixture;

    @BeforeEach
    void start() {
        fixture = new Fixture();
    }

    @AfterEach
    void stop() {
        fixture.stop();
    }

    @Test
    void checksAtOnceAndLetsTheFirstResultCountAlone() throws InterruptedException {
        assertThat(fixture.flags()).containsExactly("failed_active_hc");

        fixture.answer(PASSED);

        assertThat(fixture.flags()).isEmpty();
        fixture.expectReport(true, true, true);
        assertThat(fixture.events).containsExactly(new HealthEvent.AddHealthy(true));
        assertThat(fixture.stats)
                .hasToString("attempt 1 success 1 failure 0 network_failure 0 passive_failure 0 healthy 1 degraded 0");
    }

    @Test
    void reportsAFirstFailureToo() throws InterruptedException {
        fixture.answer(REFUSED);

        fixture.expectReport(true, false, false);
        assertThat(fixture.flags()).containsExactly("failed_active_hc");
        assertThat(fixture.stats)
                .hasToString("attempt 1 success 0 failure 1 network_failure 1 passive_failure 0 healthy 0 degraded 0");
    }

    @Test
    void pausesAsLongAsTheLastResultSays() throws InterruptedException {
        assertThat(fixture.answer(PASSED).nextDelay()).isEqualTo(Duration.ofSeconds(5));
        expectNextCheckAfter(Duration.ofSeconds(5));
        assertThat(fixture.answer(REFUSED).nextDelay()).isEqualTo(Duration.ofSeconds(1));
        expectNextCheckAfter(Duration.ofSeconds(1));
        assertThat(fixture.answer(FAILED).nextDelay()).isEqualTo(Duration.ofSeconds(4));
        expectNextCheckAfter(Duration.ofSeconds(4));
        assertThat(fixture.answer(PASSED).nextDelay()).isEqualTo(Duration.ofSeconds(2));
        fixture.trafficSeen = false;
        expectNextCheckAfter(Duration.ofSeconds(2));
        assertThat(fixture.answer(PASSED).nextDelay()).isEqualTo(Duration.ofSeconds(50));
        expectNextCheckAfter(Duration.ofSeconds(50));
    }

    @Test
    void givesACheckUpWhenItsTimeIsOver() throws InterruptedException {
        var late = fixture.prober.next();

        manual.pass(Examples.TIMEOUT.minus(MILLI));
        assertThat(fixture.inspect().checking()).isTrue();
        manual.pass(MILLI);
        fixture.expectReport(true, false, false);
        late.accept(PASSED);

        var state = fixture.inspect();
        assertThat(state.checking()).isFalse();
        assertThat(state.lastResult()).isEqualTo("timed out");
        assertThat(fixture.prober.cancelled()).isEqualTo(1);
        assertThat(fixture.flags()).containsExactly("failed_active_hc", "active_hc_timeout");
        assertThat(fixture.stats)
                .hasToString("attempt 1 success 0 failure 1 network_failure 1 passive_failure 0 healthy 0 degraded 0");
    }

    @Test
    void takesAnAnswerThatIsLateForTheNextCheckForNothing() throws InterruptedException {
        var late = fixture.prober.next();
        manual.pass(Examples.TIMEOUT);
        fixture.expectReport(true, false, false);
        fixture.inspect();
        manual.pass(Duration.ofSeconds(4));
        var inTime = fixture.prober.next();

        late.accept(PASSED);
        assertThat(fixture.inspect().checking()).isTrue();
        inTime.accept(REFUSED);

        assertThat(fixture.inspect().lastResult()).isEqualTo("connection refused");
        assertThat(fixture.inspect().passesInARow()).isZero();
    }

    @Test
    void forgetsTheTimeOutOfAnAnsweredCheck() throws InterruptedException {
        fixture.answer(PASSED);

        manual.pass(Examples.TIMEOUT.multipliedBy(2));

        assertThat(fixture.inspect().lastResult()).isEqualTo("passed");
        assertThat(fixture.prober.cancelled()).isZero();
    }

    @Test
    void failsAtOnceWhenAnAnswerToARequestSaysSo() throws InterruptedException {
        fixture.answer(PASSED);
        fixture.expectReport(true, true, true);

        fixture.session.tell(new PassiveFailure());

        fixture.expectReport(false, false, true);
        assertThat(fixture.flags()).containsExactly("failed_active_hc", "excluded_via_immediate_hc_fail");
        assertThat(fixture.events).contains(new HealthEvent.EjectUnhealthy(FailureType.PASSIVE, 0));
        assertThat(fixture.stats)
                .hasToString("attempt 1 success 1 failure 1 network_failure 0 passive_failure 1 healthy 0 degraded 0");
        expectNextCheckAfter(Duration.ofSeconds(5));
        fixture.session.tell(new PassiveFailure());
        assertThat(fixture.inspect().checking()).isTrue();
        assertThat(fixture.answer(PASSED).passesInARow()).isEqualTo(1);
    }

    @Test
    void countsTheDegradedUpAndDown() throws InterruptedException {
        fixture.answer(DEGRADED);
        assertThat(fixture.stats.toString()).endsWith("healthy 1 degraded 1");
        expectNextCheckAfter(Duration.ofSeconds(5));

        fixture.answer(PASSED);

        assertThat(fixture.stats.toString()).endsWith("healthy 1 degraded 0");
        fixture.expectReport(true, true, true);
        fixture.expectReport(false, true, true);
    }

    @Test
    void reportsNothingThatChangesNothing() throws InterruptedException {
        fixture.answer(PASSED);
        fixture.expectReport(true, true, true);
        expectNextCheckAfter(Duration.ofSeconds(5));
        fixture.answer(REFUSED);
        expectNextCheckAfter(Duration.ofSeconds(1));
        fixture.answer(PASSED);

        fixture.reports.expectNoMessage(Duration.ZERO);
    }

    @Test
    void reportsThatAnEjectedEndpointPasses() throws InterruptedException {
        fixture.answer(PASSED);
        fixture.expectReport(true, true, true);
        fixture.endpoint.state().set(HealthFlag.FAILED_OUTLIER_CHECK);
        expectNextCheckAfter(Duration.ofSeconds(5));

        fixture.answer(PASSED);

        fixture.expectReport(false, true, false);
    }

    @Test
    void leavesNothingBehind() throws InterruptedException {
        fixture.answer(DEGRADED);
        expectNextCheckAfter(Duration.ofSeconds(5));

        fixture.stop();

        assertThat(fixture.prober.cancelled()).isEqualTo(1);
        assertThat(fixture.stats.toString()).endsWith("healthy 0 degraded 0");
        manual.pass(Duration.ofMinutes(2));
        assertThat(fixture.stats.toString()).startsWith("attempt 2 ");
    }

    @Test
    void comesBackAfterABugInTheProber() throws InterruptedException {
        fixture.answer(PASSED);
        fixture.prober.breakDown(true);

        LoggingTestKit.error("a bug in the prober").expect(manual.kit().system(), () -> {
            manual.pass(Duration.ofSeconds(5));
            return null;
        });
        fixture.prober.breakDown(false);
        // The back-off, and up to a fifth more.
        manual.pass(Duration.ofSeconds(6));

        fixture.answer(REFUSED);
        assertThat(fixture.flags()).isEmpty();
        assertThat(fixture.inspect().failuresInARow()).isEqualTo(1);
        assertThat(fixture.stats.toString()).endsWith("healthy 1 degraded 0");
    }

    @Test
    void showsItsState() throws InterruptedException {
        fixture.answer(FAILED);
        expectNextCheckAfter(Duration.ofSeconds(4));
        var before = manual.clock().instant();

        var state = fixture.answer(PASSED);

        assertThat(state)
                .isEqualTo(new State(
                        "c",
                        "10.0.0.1:8001",
                        List.of("failed_active_hc"),
                        false,
                        2,
                        1,
                        0,
                        "passed",
                        Optional.of(before),
                        Duration.ofSeconds(2)));
    }

    private void expectNextCheckAfter(Duration pause) {
        manual.pass(pause.minus(MILLI));
        assertThat(fixture.inspect().checking()).isFalse();
        manual.pass(MILLI);
        assertThat(fixture.inspect().checking()).isTrue();
    }
}
