package dev.starling.runtime.control.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.HeaderMutations;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.discovery.ResourceSet;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.ScopedRoute;
import dev.starling.config.route.ScopedRoutes;
import dev.starling.config.route.ScopedRoutes.Element;
import dev.starling.config.route.ScopedRoutes.KeyPart;
import dev.starling.config.route.ScopedRoutes.Scopes;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.control.ManualKit;
import dev.starling.runtime.control.discovery.FakeDiscovery;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.route.RouteTable;
import dev.starling.runtime.route.RouteTableSource;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.StatsStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScopesActorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ConfigSource ADS = new ConfigSource.Ads(Duration.ofSeconds(15));
    private static final ScopedRoutes FOUND = new ScopedRoutes(
            "scoped",
            List.of(new KeyPart("host", "", new Element.At(0))),
            Optional.of(ADS),
            new Scopes.Discovered(new ResourceSet(ADS, Optional.empty())));

    private final ManualKit manual = new ManualKit();

    @AfterAll
    void shutdown() {
        manual.shutdown();
    }

    private final class Fixture {
        final FakeDiscovery discovery = new FakeDiscovery();
        final StatsStore stats = new StatsStore(1);
        final TestProbe<RouteManager.State> states = manual.kit().createTestProbe();
        final TestProbe<ScopesActor.State> scopeStates = manual.kit().createTestProbe();
        final ActorRef<RouteManager.Command> manager =
                manual.kit().spawn(RouteManager.create(ScopesActorTest::compile, discovery.resources(), stats));
        final RouteBook book = new RouteBook(ScopesActorTest::compile, manager::tell, discovery.resources(), stats);
        final RouteBook.Lease lease = book.lease();

        RouteManager.State state() {
            manager.tell(new RouteManager.GetState(states.ref()));
            return states.receiveMessage();
        }

        /** When all that was told has been done. */
        ScopesActor.State scopes() {
            state().scopes().getFirst().tell(new ScopesActor.GetState(scopeStates.ref()));
            return scopeStates.receiveMessage();
        }

        void scope(String name, String key, String routes) {
            discovery.send(
                    discovery.types.scopes(),
                    name,
                    new ScopedRoute(name, List.of(key), false, routes, Optional.empty()));
        }

        /** The table of a filter chain whose scopes are asked for. */
        RouteTableSource table() {
            RouteTableSource table = lease.table(FOUND, "x");
            discovery.awaitWatched("scopes *");
            return table;
        }

        /** Scope {@code a} of host {@code ha}, whose routes {@code ra} are asked for. */
        void scopeA() {
            scope("a", "ha", "ra");
            discovery.awaitWatched("scopes *", "routes ra");
        }

        void routes(String name, long hash) {
            discovery.send(discovery.types.routes(), name, ScopesActorTest.routes(name, hash));
        }

        void awaitServing(String scope, String key) {
            await(() -> List.of(key).equals(scopes().scopes().get(scope)));
        }

        long gauge(String name) {
            return stats.gauges().stream()
                    .filter(gauge -> gauge.name().equals("http.x.scoped_rds.scoped." + name))
                    .mapToLong(Gauge::value)
                    .findFirst()
                    .orElse(-1);
        }
    }

    private static void await(BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static RouteTable compile(RouteConfiguration config) {
        var clusters = new ClusterTable();
        return RouteTable.compile(
                config,
                clusters::slot,
                clusters::find,
                _ -> {
                    throw new AssertionError("no formats in these routes");
                },
                () -> RuntimeSnapshot.EMPTY);
    }

    private static RouteConfiguration routes(String name, long hash) {
        return new RouteConfiguration(name, List.of(), HeaderMutations.NONE, List.of(), false, false, hash);
    }

    private static long hash(RouteTableSource source, String host) {
        return source.table(new RequestHead("GET", "/", host, "http", Protocol.HTTP_1_1, new Headers(), "", 0, true))
                .config()
                .contentHash();
    }

    @Test
    void aRequestIsRoutedByTheScopeWithItsKey() {
        var fixture = new Fixture();
        var inline = new ScopedRoutes(
                "scoped",
                FOUND.key(),
                Optional.empty(),
                new Scopes.Inline(List.of(
                        new ScopedRoute("a", List.of("ha"), false, "", Optional.of(routes("ra", 1))),
                        new ScopedRoute("b", List.of("hb"), false, "", Optional.of(routes("rb", 2))))));

        var tables = fixture.lease.table(inline, "x");

        assertThat(fixture.lease.ready()).succeedsWithin(PATIENCE);
        assertThat(hash(tables, "ha")).isEqualTo(1);
        assertThat(hash(tables, "hb")).isEqualTo(2);
        assertThat(hash(tables, "hc")).isZero();
        assertThat(fixture.gauge("all_scopes")).isEqualTo(-1);
    }

    @Test
    void scopesAndThenTheirRoutesAreWaitedFor() {
        var fixture = new Fixture();
        var tables = fixture.table();

        fixture.scopeA();
        assertThat(fixture.lease.ready().toCompletableFuture()).isNotDone();

        fixture.routes("ra", 7);
        assertThat(fixture.lease.ready()).succeedsWithin(PATIENCE);
        assertThat(hash(tables, "ha")).isEqualTo(7);
        assertThat(fixture.gauge("active_scopes")).isEqualTo(1);
    }

    @Test
    void scopesThatDoNotComeInTimeAreNotWaitedFor() {
        var fixture = new Fixture();
        var tables = fixture.table();

        fixture.discovery.timeOut();

        assertThat(fixture.lease.ready()).succeedsWithin(PATIENCE);
        assertThat(hash(tables, "ha")).isZero();
    }

    @Test
    void aScopeKeepsItsRoutesUntilItsNextOnesAreThere() {
        var fixture = new Fixture();
        var tables = fixture.table();
        fixture.scopeA();
        fixture.routes("ra", 7);
        fixture.awaitServing("a", "ha");

        fixture.scope("a", "hz", "rz");
        fixture.discovery.awaitWatched("scopes *", "routes ra", "routes rz");
        assertThat(hash(tables, "ha")).isEqualTo(7);

        fixture.routes("rz", 9);
        fixture.awaitServing("a", "hz");
        assertThat(hash(tables, "hz")).isEqualTo(9);
        assertThat(hash(tables, "ha")).isZero();
        fixture.discovery.awaitWatched("scopes *", "routes rz");
    }

    @Test
    void aScopeThatIsRemovedHasNoRoutes() {
        var fixture = new Fixture();
        var tables = fixture.table();
        fixture.scopeA();
        fixture.routes("ra", 7);
        fixture.awaitServing("a", "ha");

        fixture.discovery.remove(fixture.discovery.types.scopes(), "a");

        fixture.discovery.awaitWatched("scopes *");
        await(() -> hash(tables, "ha") == 0);
        assertThat(fixture.scopes().scopes()).isEmpty();
    }

    @Test
    void nothingIsWatchedWhenTheLastFilterChainHasEnded() {
        var fixture = new Fixture();
        fixture.table();
        fixture.scopeA();

        fixture.lease.end();

        fixture.discovery.awaitWatched();
        assertThat(fixture.state().scopes()).isEmpty();
    }
}
