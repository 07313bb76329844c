package dev.starling.runtime.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.discovery.ResourceSet;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.lb.Endpoint;
import dev.starling.lb.HealthFlag;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.control.Configs;
import dev.starling.runtime.control.ManualKit;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.control.UpdateResult.Done;
import dev.starling.runtime.control.cluster.ClusterManager.Command;
import dev.starling.runtime.control.cluster.ClusterManager.GetState;
import dev.starling.runtime.control.cluster.ClusterManager.Initialize;
import dev.starling.runtime.control.cluster.ClusterManager.Initialized;
import dev.starling.runtime.control.cluster.ClusterManager.RemoveCluster;
import dev.starling.runtime.control.cluster.ClusterManager.State;
import dev.starling.runtime.control.cluster.ClusterManager.UpdateCluster;
import dev.starling.runtime.control.discovery.FakeDiscovery;
import dev.starling.runtime.stats.StatsStore;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterManagerTest {

    private static final InetSocketAddress ONE = new InetSocketAddress("10.0.0.1", 80);
    private static final InetSocketAddress TWO = new InetSocketAddress("10.0.0.2", 80);
    private static final String CHECKED = """
            health_checks: [{timeout: 1s, interval: 1s, no_traffic_interval: 1s, unhealthy_threshold: 1,
            healthy_threshold: 1, http_health_check: {path: /}}]""".replace('\n', ' ');

    private static final ResourceSet ADS =
            new ResourceSet(new ConfigSource.Ads(Duration.ofSeconds(15)), Optional.empty());

    private final ManualKit manual = new ManualKit();

    @AfterAll
    void shutdown() {
        manual.shutdown();
    }

    private final class Fixture {
        final StatsStore stats = new StatsStore(1);
        final ClusterTable table = new ClusterTable();
        final FakeResolver resolver = new FakeResolver();
        final FakeProber prober = new FakeProber();
        final FakeDiscovery discovery = new FakeDiscovery();
        final AtomicInteger published = new AtomicInteger();
        final TestProbe<Initialized> initialized = manual.kit().createTestProbe();
        final TestProbe<UpdateResult> results = manual.kit().createTestProbe();
        final TestProbe<State> states = manual.kit().createTestProbe();
        final TestProbe<ClusterActor.State> clusterStates = manual.kit().createTestProbe();
        final ActorRef<Command> manager = manual.kit()
                .spawn(ClusterManager.create(new ClusterPorts(
                        table,
                        published::incrementAndGet,
                        stats,
                        Examples::address,
                        resolver,
                        (cluster, sockets) -> prober,
                        discovery.resources(),
                        Examples.tls(),
                        new Random(1),
                        manual.clock())));

        Fixture initialize(Cluster... clusters) {
            manager.tell(new Initialize(List.of(clusters), Optional.empty(), initialized.ref()));
            return this;
        }

        Fixture initialized() {
            initialized.expectMessage(Initialized.INITIALIZED);
            return this;
        }

        void update(Cluster cluster) {
            manager.tell(new UpdateCluster(cluster, results.ref()));
        }

        void remove(String name) {
            manager.tell(new RemoveCluster(name, results.ref()));
        }

        @Nullable
        ClusterSnapshot published(String name) {
            return table.slot(name).current();
        }

        ClusterSnapshot snapshot(String name) {
            return Objects.requireNonNull(published(name), "not published");
        }

        /** Looks until the cluster's actor is in this phase. */
        ClusterActor.State state(String name) {
            manager.tell(new GetState(states.ref()));
            var actor =
                    Objects.requireNonNull(states.receiveMessage().clusters().get(name));
            actor.tell(new ClusterActor.GetState(clusterStates.ref()));
            return clusterStates.receiveMessage();
        }

        long gauge(String name) {
            return stats.scope("").gauge(name).value();
        }

        long counter(String name) {
            return stats.scope("").counter(name).value();
        }
    }

    @Test
    void isInitializedWhenEachClusterOfTheBootstrapIsInService() throws Exception {
        var fixture = new Fixture().initialize(statically("a", ONE), named("b"));
        var query = fixture.resolver.next();
        fixture.initialized.expectNoMessage();
        fixture.manager.tell(new GetState(fixture.states.ref()));
        assertThat(fixture.states.receiveMessage().awaited()).containsExactly("b");

        query.answer("10.0.0.7");

        fixture.initialized();
        assertThat(fixture.table.snapshots()).extracting(ClusterSnapshot::name).containsExactly("a", "b");
        assertThat(fixture.snapshot("a").addedViaApi()).isFalse();
        assertThat(fixture.gauge("cluster_manager.active_clusters")).isEqualTo(2);
        assertThat(fixture.gauge("cluster_manager.warming_clusters")).isZero();
        assertThat(fixture.counter("cluster_manager.cluster_added")).isEqualTo(2);
    }

    @Test
    void whatNeedsAControlPlaneComesAfterWhatItIsReachedThrough() throws Exception {
        var fixture = new Fixture().initialize(named("plane"), found("a"));
        var query = fixture.resolver.next();
        fixture.initialized.expectNoMessage();
        assertThat(fixture.discovery.reached()).isZero();
        assertThat(fixture.discovery.watched()).isEmpty();

        query.answer("10.0.0.7");
        fixture.discovery.awaitWatched("endpoints service");
        assertThat(fixture.discovery.reached()).isOne();
        fixture.initialized.expectNoMessage();

        fixture.discovery.send(fixture.discovery.types.endpoints(), "service", assignment(ONE));
        fixture.initialized();
        assertThat(fixture.snapshot("a").endpoints().endpoints())
                .extracting(Endpoint::addressText)
                .containsExactly("10.0.0.1:80");
    }

    @Test
    void isInitializedWhenTheControlPlaneHasSpokenAndItsClustersAreInService() {
        var fixture = new Fixture();
        fixture.manager.tell(new Initialize(List.of(), Optional.of(ADS), fixture.initialized.ref()));
        fixture.discovery.awaitWatched("clusters *");

        fixture.discovery.send(fixture.discovery.types.clusters(), "a", found("a"));
        fixture.discovery.awaitWatched("clusters *", "endpoints service");
        fixture.initialized.expectNoMessage();

        fixture.discovery.send(fixture.discovery.types.endpoints(), "service", assignment(ONE));
        fixture.initialized();
        assertThat(fixture.snapshot("a").addedViaApi()).isTrue();
    }

    @Test
    void isInitializedWithoutTheControlPlaneWhenItSaysNothingInTime() {
        var fixture = new Fixture();
        fixture.manager.tell(new Initialize(List.of(), Optional.of(ADS), fixture.initialized.ref()));
        fixture.discovery.awaitWatched("clusters *");
        fixture.initialized.expectNoMessage();

        fixture.discovery.timeOut();

        fixture.initialized();
    }

    @Test
    void endpointsThatDoNotComeOrAreNoMoreOrAreWrongChangeNothing() {
        var fixture = new Fixture().initialize(found("a"));
        fixture.discovery.awaitWatched("endpoints service");
        fixture.initialized.expectNoMessage();
        fixture.discovery.timeOut();
        fixture.initialized();
        assertThat(fixture.snapshot("a").endpoints().isEmpty()).isTrue();

        fixture.discovery.send(fixture.discovery.types.endpoints(), "service", assignment(ONE));
        fixture.state("a");
        fixture.discovery.remove(fixture.discovery.types.endpoints(), "service");
        fixture.discovery.refuse(fixture.discovery.types.endpoints(), "service");
        fixture.update(statically("b", ONE));
        fixture.results.expectMessage(UpdateResult.Done.IN_SERVICE);

        assertThat(fixture.snapshot("a").endpoints().endpoints()).hasSize(1);
    }

    @Test
    void aClusterThatIsRemovedIsNotWatchedAnyMore() {
        var fixture = new Fixture().initialize();
        fixture.initialized();
        fixture.update(found("a"));
        fixture.discovery.awaitWatched("endpoints service");
        fixture.discovery.send(fixture.discovery.types.endpoints(), "service", assignment(ONE));
        fixture.results.expectMessage(UpdateResult.Done.IN_SERVICE);

        fixture.remove("a");

        fixture.discovery.awaitWatched();
    }

    private static Cluster found(String name) {
        return Configs.cluster("  - {name: " + name
                + ", type: EDS, eds_cluster_config: {service_name: service, eds_config: {ads: {}}}}\n");
    }

    private static LoadAssignment assignment(InetSocketAddress endpoint) {
        return Configs.cluster(Configs.cluster("x", endpoint)).loadAssignment();
    }

    @Test
    void isInitializedAtOnceWithoutClusters() {
        new Fixture().initialize().initialized();
    }

    @Test
    void isInitializedWithoutEndpointsWhenANameCannotBeResolved() throws Exception {
        var fixture = new Fixture().initialize(named("a"));

        fixture.resolver.next().fail("timed out");

        fixture.initialized();
        assertThat(fixture.snapshot("a").endpoints().isEmpty()).isTrue();
    }

    @Test
    void awaitsTheFirstHealthChecks() throws Exception {
        var fixture = new Fixture().initialize(Configs.cluster(Configs.cluster("a", CHECKED, ONE)));
        fixture.initialized.expectNoMessage();
        assertThat(fixture.published("a")).isNull();

        fixture.prober.pass(1);

        fixture.initialized();
        assertThat(fixture.snapshot("a").endpoints().healthyCount()).isEqualTo(1);
        assertThat(fixture.counter("cluster.a.health_check.success")).isEqualTo(1);
        assertThat(fixture.gauge("cluster.a.health_check.healthy")).isEqualTo(1);
    }

    @Test
    void putsANewClusterInServiceWhenItIsWarm() throws Exception {
        var fixture = new Fixture().initialize().initialized();

        fixture.update(named("a"));
        var query = fixture.resolver.next();
        fixture.results.expectNoMessage();
        assertThat(fixture.published("a")).isNull();
        assertThat(fixture.gauge("cluster.a.warming_state")).isEqualTo(1);
        query.answer("10.0.0.7");

        fixture.results.expectMessage(Done.IN_SERVICE);
        assertThat(fixture.snapshot("a").addedViaApi()).isTrue();
        assertThat(fixture.gauge("cluster.a.warming_state")).isZero();
        assertThat(fixture.published).hasPositiveValue();
    }

    @Test
    void warmsTheNextVersionBesideTheOneInServiceAndSwapsThem() throws Exception {
        var fixture = new Fixture().initialize().initialized();
        fixture.update(statically("a", ONE));
        fixture.results.expectMessage(Done.IN_SERVICE);
        var before = fixture.snapshot("a");

        fixture.update(named("a"));
        var query = fixture.resolver.next();
        assertThat(fixture.state("a").phase()).isEqualTo("replacing");
        assertThat(fixture.snapshot("a")).isSameAs(before);
        assertThat(fixture.gauge("cluster_manager.warming_clusters")).isEqualTo(1);
        query.answer("10.0.0.7");

        fixture.results.expectMessage(Done.IN_SERVICE);
        var after = fixture.snapshot("a");
        assertThat(after.endpoints().endpoints())
                .extracting(Endpoint::addressText)
                .containsExactly("10.0.0.7:80");
        assertThat(after.traffic().stats()).isSameAs(before.traffic().stats());
        assertThat(fixture.state("a").versions()).hasSize(1);
        assertThat(fixture.gauge("cluster_manager.warming_clusters")).isZero();
        assertThat(fixture.gauge("cluster_manager.active_clusters")).isEqualTo(1);
        assertThat(fixture.counter("cluster_manager.cluster_modified")).isEqualTo(1);
    }

    @Test
    void keepsLimitsAndTheirCountsFromVersionToVersion() {
        var fixture = new Fixture().initialize().initialized();
        fixture.update(statically("a", ONE));
        fixture.results.expectMessage(Done.IN_SERVICE);
        var requests =
                fixture.snapshot("a").traffic().breaker(RoutingPriority.DEFAULT).requests();
        requests.acquire();

        fixture.update(
                Configs.cluster(Configs.cluster("a", "circuit_breakers: {thresholds: [{max_requests: 1}]}", ONE)));
        fixture.results.expectMessage(Done.IN_SERVICE);

        var after =
                fixture.snapshot("a").traffic().breaker(RoutingPriority.DEFAULT).requests();
        assertThat(after).isSameAs(requests);
        var states = manual.kit().<CircuitBreakersActor.State>createTestProbe();
        fixture.state("a").circuitBreakers().tell(new CircuitBreakersActor.GetState(states.ref()));
        states.receiveMessage();
        assertThat(after.available()).isFalse();
    }

    @Test
    void ignoresAnUpdateWithTheSameContent() {
        var fixture = new Fixture().initialize().initialized();
        fixture.update(statically("a", ONE));
        fixture.results.expectMessage(Done.IN_SERVICE);
        var before = fixture.snapshot("a");

        fixture.update(statically("a", ONE));

        fixture.results.expectMessage(Done.UNCHANGED);
        assertThat(fixture.snapshot("a")).isSameAs(before);
        assertThat(fixture.counter("cluster_manager.cluster_modified")).isZero();
    }

    @Test
    void letsANewerVersionTakeThePlaceOfTheOneThatWarms() throws Exception {
        var fixture = new Fixture().initialize().initialized();
        fixture.update(statically("a", ONE));
        fixture.results.expectMessage(Done.IN_SERVICE);
        fixture.update(named("a"));
        var late = fixture.resolver.next();

        fixture.update(statically("a", TWO));

        fixture.results.expectMessage(Done.SUPERSEDED);
        fixture.results.expectMessage(Done.IN_SERVICE);
        late.answer("10.0.0.7");
        fixture.results.expectNoMessage();
        assertThat(fixture.snapshot("a").endpoints().endpoints())
                .extracting(Endpoint::addressText)
                .containsExactly("10.0.0.2:80");
    }

    @Test
    void givesTheNextVersionUpWhenTheOneInServiceIsAskedForAgain() throws Exception {
        var fixture = new Fixture().initialize().initialized();
        fixture.update(statically("a", ONE));
        fixture.results.expectMessage(Done.IN_SERVICE);
        fixture.update(named("a"));
        fixture.resolver.next();

        fixture.update(statically("a", ONE));

        fixture.results.expectMessage(Done.SUPERSEDED);
        fixture.results.expectMessage(Done.UNCHANGED);
        assertThat(fixture.state("a").phase()).isEqualTo("active");
        assertThat(fixture.gauge("cluster_manager.warming_clusters")).isZero();
    }

    @Test
    void takesARemovedClusterOutOfService() {
        var fixture = new Fixture().initialize().initialized();
        fixture.update(statically("a", ONE));
        fixture.results.expectMessage(Done.IN_SERVICE);
        int publications = fixture.published.get();

        fixture.remove("a");

        fixture.results.expectMessage(Done.REMOVED);
        fixture.results.awaitAssert(() -> {
            assertThat(fixture.published("a")).isNull();
            assertThat(fixture.published.get()).isGreaterThan(publications);
            assertThat(fixture.gauge("cluster_manager.active_clusters")).isZero();
            return null;
        });
        assertThat(fixture.counter("cluster_manager.cluster_removed")).isEqualTo(1);
    }

    @Test
    void takesAClusterInAgainThatHasJustLeft() {
        var fixture = new Fixture().initialize().initialized();
        fixture.update(statically("a", ONE));
        fixture.results.expectMessage(Done.IN_SERVICE);

        fixture.remove("a");
        fixture.update(statically("a", TWO));

        fixture.results.expectMessage(Done.REMOVED);
        fixture.results.expectMessage(Done.IN_SERVICE);
        fixture.results.awaitAssert(() -> {
            assertThat(fixture.published("a")).isNotNull();
            assertThat(fixture.snapshot("a").endpoints().endpoints())
                    .extracting(Endpoint::addressText)
                    .containsExactly("10.0.0.2:80");
            return null;
        });
    }

    @Test
    void leavesClustersOfTheBootstrapAlone() {
        var fixture = new Fixture().initialize(statically("a", ONE)).initialized();

        fixture.update(statically("a", TWO));
        fixture.remove("a");

        fixture.results.expectMessage(Done.IGNORED);
        fixture.results.expectMessage(Done.IGNORED);
        assertThat(fixture.snapshot("a").endpoints().endpoints())
                .extracting(Endpoint::addressText)
                .containsExactly("10.0.0.1:80");
    }

    @Test
    void ejectsAnEndpointThatTheDataPathFoundFailing() {
        var fixture = new Fixture()
                .initialize(Configs.cluster(Configs.cluster(
                        "a", "outlier_detection: {consecutive_5xx: 3, max_ejection_percent: 100}", ONE, TWO)))
                .initialized();
        var failing = fixture.snapshot("a").endpoints().endpoints().getFirst();

        for (int i = 0; i < 3; i++) {
            fixture.snapshot("a").traffic().outliers().onResponse(failing, 500);
        }

        fixture.results.awaitAssert(() -> {
            assertThat(fixture.snapshot("a").endpoints().healthyCount()).isEqualTo(1);
            return null;
        });
        assertThat(failing.state().has(HealthFlag.FAILED_OUTLIER_CHECK)).isTrue();
        assertThat(fixture.gauge("cluster.a.outlier_detection.ejections_active"))
                .isEqualTo(1);
        assertThat(fixture.counter("cluster.a.outlier_detection.ejections_enforced_total"))
                .isEqualTo(1);
        assertThat(fixture.counter("cluster.a.outlier_detection.ejections_total"))
                .isEqualTo(1);
    }

    @Test
    void failsAnEndpointThatSaysSoInAnAnswer() throws Exception {
        var fixture = new Fixture().initialize(Configs.cluster(Configs.cluster("a", CHECKED, ONE)));
        fixture.prober.pass(1);
        fixture.initialized();
        var snapshot = fixture.snapshot("a");

        snapshot.traffic().onHealthCheckFailed(snapshot.endpoints().endpoints().getFirst());

        fixture.results.awaitAssert(() -> {
            assertThat(fixture.snapshot("a").endpoints().healthyCount()).isZero();
            return null;
        });
        assertThat(fixture.counter("cluster.a.health_check.passive_failure")).isEqualTo(1);
    }

    private static Cluster statically(String name, InetSocketAddress... endpoints) {
        return Configs.cluster(Configs.cluster(name, endpoints));
    }

    /** A cluster that asks for the name {@code a.test}. */
    private static Cluster named(String name) {
        return Configs.cluster("""
              - {name: %s, type: STRICT_DNS, load_assignment: {cluster_name: %s, endpoints: [{lb_endpoints: [
                  {endpoint: {address: {socket_address: {address: a.test, port_value: 80}}}}]}]}}
            """.formatted(name, name));
    }
}
