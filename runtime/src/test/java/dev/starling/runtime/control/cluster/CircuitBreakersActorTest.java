package dev.starling.runtime.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.cluster.CircuitBreakers.Thresholds;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.cluster.CircuitBreaker.Resource;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.control.ManualKit;
import dev.starling.runtime.control.cluster.CircuitBreakersActor.Breaker;
import dev.starling.runtime.control.cluster.CircuitBreakersActor.Command;
import dev.starling.runtime.control.cluster.CircuitBreakersActor.GetState;
import dev.starling.runtime.control.cluster.CircuitBreakersActor.Limit;
import dev.starling.runtime.control.cluster.CircuitBreakersActor.State;
import dev.starling.runtime.stats.StatsStore;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CircuitBreakersActorTest {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ManualKit manual = new ManualKit();

    @AfterAll
    void shutdown() {
        manual.shutdown();
    }

    private final class Fixture {
        final StatsStore stats = new StatsStore(1);
        final ClusterTraffic traffic = new ClusterTraffic(stats.scope("cluster.c."), limits(2), OutlierMonitor.OFF);
        final Resource requests = traffic.breaker(RoutingPriority.DEFAULT).requests();
        final TestProbe<State> states = manual.kit().createTestProbe();
        final ActorRef<Command> actor = manual.kit()
                .spawn(CircuitBreakersActor.create("c", traffic, manual.clock().wall()));

        Fixture() {
            requests(); // it watches from here on
        }

        Breaker requests() {
            actor.tell(new GetState(states.ref()));
            return states.receiveMessage().breakers().stream()
                    .filter(each ->
                            each.priority().equals("default") && each.resource().equals("requests"))
                    .findFirst()
                    .orElseThrow();
        }

        long open() {
            return stats.scope("cluster.c.circuit_breakers.default.")
                    .gauge("rq_open")
                    .value();
        }
    }

    @Test
    void reportsALimitThatIsReached() {
        var fixture = new Fixture();

        fixture.requests.acquire();
        assertThat(fixture.requests().open()).isFalse();
        fixture.requests.acquire();

        assertThat(fixture.requests()).satisfies(breaker -> {
            assertThat(breaker.open()).isTrue();
            assertThat(breaker.count()).isEqualTo(2);
            assertThat(breaker.limit()).isEqualTo(2);
            assertThat(breaker.transitions()).isEqualTo(1);
            assertThat(breaker.lastTransitionAt())
                    .contains(manual.clock().wall().instant());
        });
        assertThat(fixture.open()).isEqualTo(1);
    }

    @Test
    void looksOnceASecondAtACountThatCrossesItsLimitAgainAndAgain() {
        var fixture = new Fixture();
        fixture.requests.acquire();
        for (int i = 0; i < 1000; i++) {
            fixture.requests.acquire();
            fixture.requests.release();
        }
        assertThat(fixture.requests().transitions()).isLessThanOrEqualTo(1);

        manual.pass(PAUSE);

        assertThat(fixture.requests()).satisfies(breaker -> {
            assertThat(breaker.open()).isFalse();
            assertThat(breaker.transitions()).isLessThanOrEqualTo(2);
        });
    }

    @Test
    void hearsOfTheNextCrossingAfterThePause() {
        var fixture = new Fixture();
        fixture.requests.acquire();
        fixture.requests.acquire();
        assertThat(fixture.requests().open()).isTrue();
        manual.pass(PAUSE);
        fixture.requests();

        fixture.requests.release();

        assertThat(fixture.requests()).satisfies(breaker -> {
            assertThat(breaker.open()).isFalse();
            assertThat(breaker.transitions()).isEqualTo(2);
        });
    }

    @Test
    void putsNewLimitsInForce() {
        var fixture = new Fixture();
        fixture.requests.acquire();

        fixture.actor.tell(new Limit(limits(1)));

        assertThat(fixture.requests()).satisfies(breaker -> {
            assertThat(breaker.limit()).isEqualTo(1);
            assertThat(breaker.open()).isTrue();
        });
        assertThat(fixture.requests.available()).isFalse();
        assertThat(fixture.open()).isEqualTo(1);
    }

    private static CircuitBreakers limits(long requests) {
        var thresholds = new Thresholds(1024, 1024, requests, 3, Long.MAX_VALUE, Optional.empty(), false);
        return new CircuitBreakers(thresholds, Thresholds.DEFAULT);
    }
}
