package dev.starling.runtime.control.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.HeaderMutations;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.RouteSource;
import dev.starling.runtime.accesslog.Formatter;
import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.control.ManualKit;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.control.UpdateResult.Done;
import dev.starling.runtime.control.discovery.FakeDiscovery;
import dev.starling.runtime.control.route.RouteManager.Command;
import dev.starling.runtime.control.route.RouteManager.GetState;
import dev.starling.runtime.control.route.RouteManager.State;
import dev.starling.runtime.control.route.RouteManager.UpdateRoutes;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.route.RouteTable;
import dev.starling.runtime.route.RouteTableSource;
import dev.starling.runtime.stats.StatsStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RouteManagerTest {

    private final ManualKit manual = new ManualKit();

    @AfterAll
    void shutdown() {
        manual.shutdown();
    }

    private final class Fixture {
        final AtomicInteger compiled = new AtomicInteger();
        final FakeDiscovery discovery = new FakeDiscovery();
        final StatsStore stats = new StatsStore(1);
        final TestProbe<UpdateResult> results = manual.kit().createTestProbe();
        final TestProbe<State> states = manual.kit().createTestProbe();
        final TestProbe<RoutesActor.State> routeStates = manual.kit().createTestProbe();
        final ActorRef<Command> manager =
                manual.kit().spawn(RouteManager.create(this::compile, discovery.resources(), stats));
        final RouteBook book = new RouteBook(this::compile, manager::tell, discovery.resources(), stats);

        RouteTable compile(RouteConfiguration config) {
            if (config.contentHash() < 0) {
                throw new IllegalArgumentException("cannot be compiled");
            }
            compiled.incrementAndGet();
            var clusters = new ClusterTable();
            return RouteTable.compile(
                    config, clusters::slot, clusters::find, format -> noFormats(), () -> RuntimeSnapshot.EMPTY);
        }

        State state() {
            manager.tell(new GetState(states.ref()));
            return states.receiveMessage();
        }

        RoutesActor.State state(String name) {
            Objects.requireNonNull(state().routes().get(name)).tell(new RoutesActor.GetState(routeStates.ref()));
            return routeStates.receiveMessage();
        }

        void update(RouteConfiguration config) {
            manager.tell(new UpdateRoutes(config, results.ref()));
        }
    }

    @Test
    void compilesWhatSeveralFilterChainsUseOnce() {
        var fixture = new Fixture();

        var one = fixture.book.lease().table(routes("r", 1), "x");
        var two = fixture.book.lease().table(routes("r", 1), "x");

        assertThat(current(one)).isSameAs(current(two));
        assertThat(fixture.compiled).hasValue(1);
        assertThat(fixture.state().routes()).containsOnlyKeys("r");
    }

    private static final RouteSource.Rds RDS = new RouteSource.Rds("r", new ConfigSource.Ads(Duration.ofSeconds(15)));

    @Test
    void routesOfAControlPlaneAreWatchedOnceAndTakenWhenTheyCome() {
        var fixture = new Fixture();
        var lease = fixture.book.lease();
        var one = lease.table(RDS, "x");
        var two = fixture.book.lease().table(RDS, "x");
        assertThat(fixture.discovery.watched()).containsExactly("routes r");
        assertThat(lease.ready().toCompletableFuture()).isNotDone();
        assertThat(current(one).config().virtualHosts()).isEmpty();

        fixture.discovery.send(fixture.discovery.types.routes(), "r", routes("r", 7));

        assertThat(lease.ready()).succeedsWithin(Duration.ofSeconds(20));
        assertThat(current(one).config().contentHash()).isEqualTo(7);
        assertThat(current(two)).isSameAs(current(one));
        assertThat(fixture.state().routes()).containsOnlyKeys("r (dynamic)");
    }

    @Test
    void routesThatDoNotComeInTimeAreNotWaitedForAndTakenLater() {
        var fixture = new Fixture();
        var lease = fixture.book.lease();
        var table = lease.table(RDS, "x");

        fixture.discovery.timeOut();
        assertThat(lease.ready()).succeedsWithin(Duration.ofSeconds(20));

        fixture.discovery.send(fixture.discovery.types.routes(), "r", routes("r", 7));
        fixture.state("r (dynamic)");
        fixture.discovery.remove(fixture.discovery.types.routes(), "r");
        fixture.state("r (dynamic)");
        assertThat(current(table).config().contentHash()).isEqualTo(7);
    }

    @Test
    void routesThatNobodyUsesAreNotWatched() {
        var fixture = new Fixture();
        var one = fixture.book.lease();
        var two = fixture.book.lease();
        one.table(RDS, "x");
        two.table(RDS, "x");

        one.end();
        assertThat(fixture.discovery.watched()).containsExactly("routes r");
        two.end();
        assertThat(fixture.discovery.watched()).isEmpty();
        assertThat(fixture.state().routes()).isEmpty();
    }

    @Test
    void whatFilterChainsBringIsNotReplacedByAControlPlane() {
        var fixture = new Fixture();
        var brought = fixture.book.lease().table(routes("r", 1), "x");
        var lease = fixture.book.lease();
        var found = lease.table(RDS, "x");

        fixture.discovery.send(fixture.discovery.types.routes(), "r", routes("r", 7));
        assertThat(lease.ready()).succeedsWithin(Duration.ofSeconds(20));
        fixture.update(routes("r", 3));
        fixture.results.expectMessage(Done.IN_SERVICE);

        assertThat(current(brought).config().contentHash()).isEqualTo(3);
        assertThat(current(found).config().contentHash()).isEqualTo(7);
    }

    @Test
    void keepsDifferentContentsOfOneNameApart() {
        var fixture = new Fixture();

        var one = fixture.book.lease().table(routes("r", 1), "x");
        var two = fixture.book.lease().table(routes("r", 2), "x");

        assertThat(current(one)).isNotSameAs(current(two));
        assertThat(fixture.state("r").tables())
                .extracting(RoutesActor.TableView::contentHash)
                .containsExactly("1", "2");
    }

    @Test
    void publishesAnUpdateToAllWhoUseTheName() {
        var fixture = new Fixture();
        var one = fixture.book.lease().table(routes("r", 1), "x");
        var two = fixture.book.lease().table(routes("r", 2), "x");
        var other = fixture.book.lease().table(routes("other", 1), "x");

        fixture.update(routes("r", 3));

        fixture.results.expectMessage(Done.IN_SERVICE);
        assertThat(current(one).config().contentHash()).isEqualTo(3);
        assertThat(current(two).config().contentHash()).isEqualTo(3);
        assertThat(current(other).config().contentHash()).isEqualTo(1);
        assertThat(fixture.state("r").updates()).isEqualTo(1);
    }

    @Test
    void takesTheSameContentForNoUpdate() {
        var fixture = new Fixture();
        fixture.book.lease().table(routes("r", 1), "x");

        fixture.update(routes("r", 1));

        fixture.results.expectMessage(Done.UNCHANGED);
    }

    @Test
    void keepsTheTableInServiceWhenTheNextCannotBeCompiled() {
        var fixture = new Fixture();
        var routes = fixture.book.lease().table(routes("r", 1), "x");

        fixture.update(routes("r", -1));

        fixture.results.expectMessage(new UpdateResult.Failed("cannot be compiled"));
        assertThat(current(routes).config().contentHash()).isEqualTo(1);
    }

    @Test
    void ignoresAnUpdateThatNobodyUses() {
        var fixture = new Fixture();

        fixture.update(routes("r", 1));

        fixture.results.expectMessage(Done.IGNORED);
    }

    @Test
    void forgetsRoutesWhenTheLastFilterChainHasEnded() {
        var fixture = new Fixture();
        var one = fixture.book.lease();
        var two = fixture.book.lease();
        one.table(routes("r", 1), "x");
        two.table(routes("r", 1), "x");

        one.end();
        assertThat(fixture.state().routes()).containsOnlyKeys("r");
        two.end();

        assertThat(fixture.state().routes()).isEmpty();
    }

    @Test
    void givesWhoBringsOldContentTheOldContentAfterAnUpdate() {
        var fixture = new Fixture();
        var first = fixture.book.lease();
        first.table(routes("r", 1), "x");
        fixture.update(routes("r", 2));
        fixture.results.expectMessage(Done.IN_SERVICE);

        var second = fixture.book.lease();
        var again = second.table(routes("r", 1), "x");

        assertThat(current(again).config().contentHash()).isEqualTo(1);
        first.end();
        assertThat(fixture.state("r").tables()).hasSize(1);
        second.end();
        assertThat(fixture.state().routes()).isEmpty();
    }

    private static RouteTable current(RouteTableSource source) {
        return source.table(new RequestHead("GET", "/", "h", "http", Protocol.HTTP_1_1, new Headers(), "", 0, true));
    }

    private static Formatter noFormats() {
        throw new AssertionError("no formats in these routes");
    }

    private static RouteConfiguration routes(String name, long contentHash) {
        return new RouteConfiguration(name, List.of(), HeaderMutations.NONE, List.of(), false, false, contentHash);
    }
}
