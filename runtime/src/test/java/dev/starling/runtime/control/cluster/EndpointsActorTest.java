package dev.starling.runtime.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.Locality;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.healthcheck.active.HealthCheckEventLog;
import dev.starling.healthcheck.outlier.OutlierDetector;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointReconciler;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.HealthFlag;
import dev.starling.lb.ResolvedEndpoint;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.control.ManualKit;
import dev.starling.runtime.control.cluster.EndpointsActor.Begin;
import dev.starling.runtime.control.cluster.EndpointsActor.Command;
import dev.starling.runtime.control.cluster.EndpointsActor.Discovered;
import dev.starling.runtime.control.cluster.EndpointsActor.FailedPassively;
import dev.starling.runtime.control.cluster.EndpointsActor.GetState;
import dev.starling.runtime.control.cluster.EndpointsActor.HealthChanged;
import dev.starling.runtime.control.cluster.EndpointsActor.HealthChecks;
import dev.starling.runtime.control.cluster.EndpointsActor.NothingDiscovered;
import dev.starling.runtime.control.cluster.EndpointsActor.Report;
import dev.starling.runtime.control.cluster.EndpointsActor.State;
import dev.starling.runtime.stats.StatsStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointsActorTest {

    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final ManualKit manual = new ManualKit();

    @AfterAll
    void shutdown() {
        manual.shutdown();
    }

    private final class Fixture {
        final StatsStore store = new StatsStore(1);
        final ClusterStats stats = Examples.traffic(store, "c").stats();
        final ClusterManagerStats managerStats = ClusterManagerStats.in(store.scope("cluster_manager."));
        final FakeProber prober = new FakeProber();
        final TestProbe<Report> reports = manual.kit().createTestProbe();
        final TestProbe<OutlierDetector.Command> outliers = manual.kit().createTestProbe();
        final TestProbe<State> states = manual.kit().createTestProbe();
        final ActorRef<Command> actor;

        Fixture(boolean checked) {
            this(checked, CompletableFuture.completedFuture(null));
        }

        Fixture(boolean checked, CompletableFuture<Void> secured) {
            var checks = new HealthChecks(
                    Examples.healthCheck(),
                    prober,
                    new Random(1),
                    manual.clock().wall(),
                    () -> true,
                    new HealthCheckCounters(store.scope("cluster.c.health_check.")),
                    HealthCheckEventLog.NONE);
            actor = manual.kit()
                    .spawn(EndpointsActor.create(new EndpointsActor.Owning(
                            "c",
                            new EndpointReconciler.Settings(checked, false, false),
                            secured,
                            WINDOW,
                            checked ? Optional.of(checks) : Optional.empty(),
                            stats,
                            managerStats,
                            manual.clock().nanos(),
                            reports.ref()::tell)));
        }

        Fixture begun() {
            actor.tell(new Begin(Optional.of(outliers.ref()), true));
            return this;
        }

        /** In service with these endpoints, unchecked. */
        Fixture with(int... endpoints) {
            begun();
            actor.tell(Examples.discovered(Examples.assignment(endpoints)));
            warm();
            return this;
        }

        EndpointSet warm() {
            return reports.expectMessageClass(Report.Warm.class).endpoints();
        }

        EndpointSet changed() {
            return reports.expectMessageClass(Report.Changed.class).endpoints();
        }

        State state() {
            actor.tell(new GetState(states.ref()));
            return states.receiveMessage();
        }

        /** Ejects an endpoint as the detector would. */
        void eject(Endpoint endpoint) {
            endpoint.state().set(HealthFlag.FAILED_OUTLIER_CHECK);
            actor.tell(new HealthChanged(List.of(endpoint)));
        }
    }

    @Test
    void isWarmWithWhatDiscoveryFindsFirst() {
        var fixture = new Fixture(false).begun();
        assertThat(fixture.state().phase()).isEqualTo("discovering");

        fixture.actor.tell(Examples.discovered(Examples.assignment(1, 2)));

        assertThat(fixture.warm().endpoints())
                .extracting(Endpoint::addressText)
                .containsExactly("10.0.0.1:80", "10.0.0.2:80");
        assertThat(fixture.stats.membershipTotal.value()).isEqualTo(2);
        assertThat(fixture.stats.membershipHealthy.value()).isEqualTo(2);
        assertThat(fixture.stats.membershipChange.value()).isEqualTo(1);
        assertThat(fixture.managerStats.updated().value()).isZero();
        assertThat(fixture.state().phase()).isEqualTo("in service");
    }

    @Test
    void isWarmWithoutEndpointsWhenDiscoveryHasNothingToSay() {
        var fixture = new Fixture(false).begun();

        fixture.actor.tell(NothingDiscovered.NOTHING_DISCOVERED);

        assertThat(fixture.warm().isEmpty()).isTrue();
    }

    @Test
    void awaitsNoDiscoveryWhereThatIsNotAskedFor() {
        var fixture = new Fixture(false);

        fixture.actor.tell(new Begin(Optional.empty(), false));

        assertThat(fixture.warm().isEmpty()).isTrue();
    }

    @Test
    void isWarmWhenEachOfTheFirstEndpointsHasBeenChecked() throws Exception {
        var fixture = new Fixture(true).begun();
        fixture.actor.tell(Examples.discovered(Examples.assignment(1, 2)));

        fixture.prober.pass(1);
        fixture.reports.expectNoMessage();
        assertThat(fixture.state()).satisfies(state -> {
            assertThat(state.phase()).isEqualTo("checking");
            assertThat(state.awaitedChecks()).isEqualTo(1);
        });
        fixture.prober.fail(2);

        assertThat(fixture.warm()).satisfies(endpoints -> {
            assertThat(endpoints.endpoints()).hasSize(2);
            assertThat(endpoints.healthyCount()).isEqualTo(1);
        });
    }

    @Test
    void checksNothingBeforeConnectionsCanBeSecured() throws Exception {
        var secured = new CompletableFuture<Void>();
        var fixture = new Fixture(true, secured).begun();
        fixture.actor.tell(Examples.discovered(Examples.assignment(1)));
        fixture.actor.tell(Examples.discovered(Examples.assignment(2)));
        fixture.actor.tell(NothingDiscovered.NOTHING_DISCOVERED);
        assertThat(fixture.state().phase()).isEqualTo("securing");
        fixture.reports.expectNoMessage();

        secured.complete(null);
        fixture.prober.pass(2);

        assertThat(fixture.warm().endpoints()).extracting(Endpoint::addressText).containsExactly("10.0.0.2:80");
    }

    @Test
    void awaitsDiscoveryAsBeforeOnceConnectionsCanBeSecured() {
        var secured = new CompletableFuture<Void>();
        var waiting = new Fixture(false, secured).begun();
        var heedless = new Fixture(false, secured);
        heedless.actor.tell(new Begin(Optional.empty(), false));
        heedless.reports.expectNoMessage();

        secured.complete(null);

        assertThat(heedless.warm().isEmpty()).isTrue();
        waiting.actor.tell(Examples.discovered(Examples.assignment(1)));
        assertThat(waiting.warm().endpoints()).hasSize(1);
    }

    @Test
    void doesNotAwaitTheCheckOfAnEndpointThatHasLeft() throws Exception {
        var fixture = new Fixture(true).begun();
        fixture.actor.tell(Examples.discovered(Examples.assignment(1, 2)));
        fixture.prober.pass(1);

        fixture.actor.tell(Examples.discovered(Examples.assignment(1)));

        assertThat(fixture.warm().endpoints()).hasSize(1);
    }

    @Test
    void publishesMembershipAtOnce() {
        var fixture = new Fixture(false).with(1);

        fixture.actor.tell(Examples.discovered(Examples.assignment(1, 2)));
        assertThat(fixture.changed().endpoints()).hasSize(2);
        fixture.actor.tell(Examples.discovered(Examples.assignment(2)));
        assertThat(fixture.changed().endpoints()).hasSize(1);

        assertThat(fixture.managerStats.updated().value()).isEqualTo(2);
        assertThat(fixture.stats.membershipChange.value()).isEqualTo(3);
    }

    @Test
    void keepsTheStateOfAnEndpointThatStays() {
        var fixture = new Fixture(false).begun();
        fixture.actor.tell(Examples.discovered(Examples.assignment(1)));
        var before = fixture.warm().endpoints().getFirst();

        fixture.actor.tell(Examples.discovered(Examples.assignment(1, 2)));

        assertThat(fixture.changed().endpoints().getFirst().state()).isSameAs(before.state());
    }

    @Test
    void publishesNothingWhenDiscoveryFindsTheSameAgain() {
        var fixture = new Fixture(false).with(1);

        fixture.actor.tell(Examples.discovered(Examples.assignment(1)));

        fixture.reports.expectNoMessage();
        assertThat(fixture.stats.updateNoRebuild.value()).isEqualTo(1);
    }

    @Test
    void mergesChangesOfHealthWithinTheWindow() {
        var fixture = new Fixture(false).begun();
        fixture.actor.tell(Examples.discovered(Examples.assignment(1, 2, 3)));
        var endpoints = fixture.warm().endpoints();
        fixture.eject(endpoints.get(0));
        assertThat(fixture.changed().healthyCount()).isEqualTo(2);

        fixture.eject(endpoints.get(1));
        fixture.eject(endpoints.get(2));
        fixture.reports.expectNoMessage();
        manual.pass(WINDOW);

        assertThat(fixture.changed().healthyCount()).isZero();
        assertThat(fixture.managerStats.outOfMergeWindow().value()).isEqualTo(1);
        assertThat(fixture.managerStats.updatedViaMerge().value()).isEqualTo(1);
        assertThat(fixture.managerStats.updated().value()).isEqualTo(1);
        assertThat(fixture.stats.membershipHealthy.value()).isZero();
    }

    @Test
    void publishesWhatWaitedTogetherWithANewMember() {
        var fixture = new Fixture(false).begun();
        fixture.actor.tell(Examples.discovered(Examples.assignment(1, 2)));
        var endpoints = fixture.warm().endpoints();
        fixture.eject(endpoints.get(0));
        fixture.changed();
        fixture.eject(endpoints.get(1));

        fixture.actor.tell(Examples.discovered(Examples.assignment(1, 2, 3)));

        assertThat(fixture.changed().healthyCount()).isEqualTo(1);
        assertThat(fixture.managerStats.mergeCancelled().value()).isEqualTo(1);
        manual.pass(WINDOW);
        fixture.reports.expectNoMessage();
    }

    @Test
    void takesAWeightForAChangeThatMayWait() {
        var fixture = new Fixture(false).with(1);
        EndpointConfig heavy = Examples.endpoint(1).withWeight(7);

        fixture.actor.tell(Examples.discovered(Examples.assignment(heavy)));
        assertThat(fixture.changed().endpoints().getFirst().weight()).isEqualTo(7);
        fixture.actor.tell(Examples.discovered(Examples.assignment(heavy.withWeight(8))));

        fixture.reports.expectNoMessage();
        manual.pass(WINDOW);
        assertThat(fixture.changed().endpoints().getFirst().weight()).isEqualTo(8);
    }

    @Test
    void tellsTheOutlierDetectorOfMembersBeforeTheyArePublished() {
        var fixture = new Fixture(false).begun();

        fixture.actor.tell(Examples.discovered(Examples.assignment(1, 2)));

        var members = fixture.outliers.expectMessageClass(OutlierDetector.Members.class);
        assertThat(members.endpoints()).isEqualTo(fixture.warm().endpoints());
    }

    @Test
    void tellsTheOutlierDetectorOfAnEjectedEndpointThatPassesItsCheck() throws Exception {
        var fixture = new Fixture(true).begun();
        fixture.actor.tell(Examples.discovered(Examples.assignment(1)));
        fixture.outliers.expectMessageClass(OutlierDetector.Members.class);
        fixture.prober.pass(1);
        fixture.outliers.expectMessageClass(OutlierDetector.PassedActiveCheck.class);
        var endpoint = fixture.warm().endpoints().getFirst();
        fixture.eject(endpoint);
        fixture.changed();

        manual.pass(Duration.ofSeconds(1));
        fixture.prober.pass(1);

        assertThat(fixture.outliers
                        .expectMessageClass(OutlierDetector.PassedActiveCheck.class)
                        .endpoint())
                .isSameAs(endpoint);
    }

    @Test
    void keepsAHealthyEndpointThatDiscoveryDropsUntilItsCheckFails() throws Exception {
        var fixture = new Fixture(true).begun();
        fixture.actor.tell(Examples.discovered(Examples.assignment(1, 2)));
        fixture.prober.pass(1);
        fixture.prober.pass(2);
        fixture.warm();

        fixture.actor.tell(Examples.discovered(Examples.assignment(1)));
        assertThat(fixture.state().endpoints())
                .extracting(EndpointsActor.EndpointView::flags)
                .containsExactly(List.of(), List.of("pending_dynamic_removal"));
        manual.pass(Duration.ofSeconds(1));
        fixture.prober.fail(2);

        assertThat(fixture.changed().endpoints())
                .extracting(Endpoint::addressText)
                .containsExactly("10.0.0.1:80");
    }

    @Test
    void failsAnEndpointThatSaysSoInAnAnswer() throws Exception {
        var fixture = new Fixture(true).begun();
        fixture.actor.tell(Examples.discovered(Examples.assignment(1)));
        fixture.prober.pass(1);
        var endpoint = fixture.warm().endpoints().getFirst();

        fixture.actor.tell(new FailedPassively(endpoint));

        assertThat(fixture.changed().healthyCount()).isZero();
        assertThat(endpoint.state().has(HealthFlag.EXCLUDED_VIA_IMMEDIATE_HC_FAIL))
                .isTrue();
    }

    @Test
    void movesALogicalEndpointToAnotherAddressWithItsState() {
        var fixture = new Fixture(false).begun();
        fixture.actor.tell(logical("10.0.0.1"));
        var before = fixture.warm().endpoints().getFirst();

        fixture.actor.tell(logical("10.0.0.2"));

        assertThat(fixture.changed().endpoints()).singleElement().satisfies(moved -> {
            assertThat(moved.addressText()).isEqualTo("10.0.0.2:80");
            assertThat(moved.state()).isSameAs(before.state());
        });
    }

    @Test
    void showsItsEndpoints() throws Exception {
        var fixture = new Fixture(true).begun();
        fixture.actor.tell(Examples.discovered(Examples.assignment(1)));
        fixture.prober.fail(1);
        fixture.warm();

        assertThat(fixture.state().endpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.address()).isEqualTo("10.0.0.1:80");
            assertThat(endpoint.flags()).containsExactly("failed_active_hc");
            assertThat(endpoint.session()).isPresent();
        });
    }

    private static Discovered logical(String address) {
        var endpoint = new ResolvedEndpoint(
                Examples.endpoint(1),
                Locality.NONE,
                0,
                new InetSocketAddress(InetAddress.ofLiteral(address), 80),
                address + ":80",
                "a.test");
        return new Discovered(Examples.assignment(1), List.of(endpoint), true);
    }
}
