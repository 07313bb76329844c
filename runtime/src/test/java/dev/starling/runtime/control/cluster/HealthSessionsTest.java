package dev.starling.runtime.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.healthcheck.active.EndpointHealthSession;
import dev.starling.healthcheck.active.EndpointHealthSession.Checking;
import dev.starling.healthcheck.active.HealthCheckEventLog;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointReconciler;
import dev.starling.lb.EndpointSet;
import dev.starling.runtime.stats.StatsStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

class HealthSessionsTest {

    private static final Checking CHECKING = new Checking(
            "c",
            Examples.healthCheck(),
            new FakeProber(),
            new Random(1),
            InstantSource.fixed(Instant.EPOCH),
            () -> true,
            new HealthCheckCounters(new StatsStore(1).scope("cluster.c.health_check.")),
            HealthCheckEventLog.NONE,
            _ -> {});

    private final Endpoint endpoint = new EndpointReconciler(new EndpointReconciler.Settings(true, false, false))
            .reconcile(
                    EndpointSet.EMPTY,
                    Examples.assignment(1),
                    StaticEndpoints.of(Examples.assignment(1), Examples::address))
            .added()
            .getFirst();

    /** What owns the sessions: does with them what it is sent. */
    private static BehaviorTestKit<Consumer<HealthSessions>> owner(Optional<Checking> checking) {
        return BehaviorTestKit.create(Behaviors.setup(context -> {
            var sessions = new HealthSessions(checking, "check-", context);
            return Behaviors.receiveMessage(action -> {
                action.accept(sessions);
                return Behaviors.same();
            });
        }));
    }

    @Test
    void checksNothingWithoutChecks() {
        owner(Optional.empty()).run(sessions -> {
            sessions.start(endpoint);

            assertThat(sessions.checked()).isEmpty();
        });
    }

    @Test
    void tellsTheSessionOfAnAnswerThatAskedToFailTheEndpoint() {
        var owner = owner(Optional.of(CHECKING));

        owner.run(sessions -> {
            sessions.start(endpoint);
            sessions.failPassively(endpoint.state());

            assertThat(sessions.checked()).containsExactly(endpoint.state());
        });

        assertThat(owner.<EndpointHealthSession.Command>childInbox("check-1").getAllReceived())
                .contains(new EndpointHealthSession.PassiveFailure());
    }

    @Test
    void startsAnotherSessionWhereTheAddressHasChanged() {
        var owner = owner(Optional.of(CHECKING));

        owner.run(sessions -> {
            sessions.start(endpoint);
            sessions.restart(endpoint);
            sessions.failPassively(endpoint.state());
        });

        assertThat(owner.<EndpointHealthSession.Command>childInbox("check-2").getAllReceived())
                .contains(new EndpointHealthSession.PassiveFailure());
        owner.run(sessions -> {
            sessions.stop(endpoint.state());

            assertThat(sessions.checked()).isEmpty();
        });
    }
}
