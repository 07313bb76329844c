package dev.starling.runtime.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.Address;
import dev.starling.config.Locality;
import dev.starling.config.cluster.Cluster.DnsSettings;
import dev.starling.config.cluster.Cluster.LookupFamily;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.endpoint.LocalityEndpoints;
import dev.starling.lb.ResolvedEndpoint;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.control.ManualKit;
import dev.starling.runtime.control.cluster.EndpointsActor.Discovered;
import dev.starling.runtime.control.cluster.EndpointsActor.NothingDiscovered;
import dev.starling.runtime.stats.StatsStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DnsDiscoveryTest {

    private static final Duration REFRESH = Duration.ofSeconds(5);

    private final ManualKit manual = new ManualKit();

    @AfterAll
    void shutdown() {
        manual.shutdown();
    }

    private final class Fixture {
        final FakeResolver resolver = new FakeResolver();
        final TestProbe<EndpointsActor.Command> found = manual.kit().createTestProbe();
        final TestProbe<DnsDiscovery.State> states = manual.kit().createTestProbe();
        final ClusterStats stats = Examples.traffic(new StatsStore(1), "c").stats();
        final ActorRef<DnsDiscovery.Command> discovery;

        Fixture(boolean logical, String... hosts) {
            discovery = manual.kit()
                    .spawn(DnsDiscovery.create(new DnsDiscovery.Discovering(
                            "c",
                            assignment(hosts),
                            new DnsSettings(
                                    REFRESH,
                                    Optional.empty(),
                                    Duration.ofSeconds(50),
                                    Duration.ZERO,
                                    false,
                                    LookupFamily.V4_ONLY),
                            logical,
                            resolver,
                            new Random(1),
                            stats,
                            found.ref()::tell)));
        }

        void expect(String... addresses) {
            assertThat(Examples.endpoints(found.expectMessageClass(Discovered.class)))
                    .extracting(ResolvedEndpoint::addressText)
                    .containsExactly(addresses);
        }

        /** Lets time pass once what was answered so far has been dealt with, the next timer included. */
        void pass(Duration duration) {
            state();
            manual.pass(duration);
        }

        DnsDiscovery.TargetState state() {
            discovery.tell(new DnsDiscovery.GetState(states.ref()));
            return states.receiveMessage().targets().getFirst();
        }
    }

    @Test
    void findsAnEndpointForEachAddressOfAName() throws Exception {
        var fixture = new Fixture(false, "a.test");

        var query = fixture.resolver.next();
        query.answer("10.0.0.1", "::1");

        assertThat(query.host()).isEqualTo("a.test");
        assertThat(query.family()).isEqualTo(LookupFamily.V4_ONLY);
        assertThat(Examples.endpoints(fixture.found.expectMessageClass(Discovered.class)))
                .satisfiesExactly(
                        first -> {
                            assertThat(first.addressText()).isEqualTo("10.0.0.1:80");
                            assertThat(first.hostname()).isEqualTo("a.test");
                        },
                        second -> assertThat(second.addressText()).isEqualTo("[::1]:80"));
        assertThat(fixture.stats.updateAttempt.value()).isEqualTo(1);
        assertThat(fixture.stats.updateSuccess.value()).isEqualTo(1);
    }

    @Test
    void asksAgainAfterTheRefreshRate() throws Exception {
        var fixture = new Fixture(false, "a.test");
        fixture.resolver.next().answer("10.0.0.1");
        fixture.expect("10.0.0.1:80");

        fixture.pass(REFRESH.minusMillis(1));
        assertThat(fixture.resolver.isIdle()).isTrue();
        fixture.pass(Duration.ofMillis(1));

        fixture.resolver.next().answer("10.0.0.2");
        fixture.expect("10.0.0.2:80");
    }

    @Test
    void keepsWhatANameStoodForWhileItFails() throws Exception {
        var fixture = new Fixture(false, "a.test", "b.test");
        fixture.resolver.next("a.test").answer("10.0.0.1");
        fixture.expect("10.0.0.1:80");

        fixture.resolver.next("b.test").fail("timed out");

        fixture.found.expectMessage(NothingDiscovered.NOTHING_DISCOVERED);
        assertThat(fixture.stats.updateFailure.value()).isEqualTo(1);
        fixture.pass(REFRESH);
        fixture.resolver.next("a.test").fail("timed out");
        fixture.resolver.next("b.test").answer("10.0.0.2");
        fixture.found.expectMessage(NothingDiscovered.NOTHING_DISCOVERED);
        fixture.expect("10.0.0.1:80", "10.0.0.2:80");
    }

    @Test
    void dropsTheEndpointsOfANameThatHasNoAddressesAnyMore() throws Exception {
        var fixture = new Fixture(false, "a.test");
        fixture.resolver.next().answer("10.0.0.1");
        fixture.expect("10.0.0.1:80");
        fixture.pass(REFRESH);

        fixture.resolver.next().answer();

        fixture.expect();
    }

    @Test
    void usesTheFirstAddressOfALogicalName() throws Exception {
        var fixture = new Fixture(true, "a.test");

        fixture.resolver.next().answer("10.0.0.1", "10.0.0.2");

        assertThat(fixture.found.expectMessageClass(Discovered.class)).satisfies(found -> {
            assertThat(found.logical()).isTrue();
            assertThat(Examples.endpoints(found))
                    .extracting(ResolvedEndpoint::addressText)
                    .containsExactly("10.0.0.1:80");
        });
    }

    @Test
    void takesALogicalNameWithoutAddressesForAFailure() throws Exception {
        var fixture = new Fixture(true, "a.test");

        fixture.resolver.next().answer();

        fixture.found.expectMessage(NothingDiscovered.NOTHING_DISCOVERED);
        assertThat(fixture.stats.updateFailure.value()).isEqualTo(1);
    }

    @Test
    void saysAtOnceThatThereIsNothingToAskFor() {
        var fixture = new Fixture(false);

        fixture.expect();
    }

    @Test
    void showsWhatItKnows() throws Exception {
        var fixture = new Fixture(false, "a.test");
        fixture.resolver.next().answer("10.0.0.1");
        fixture.expect("10.0.0.1:80");
        fixture.pass(REFRESH);
        fixture.resolver.next().fail("refused");
        fixture.found.expectMessage(NothingDiscovered.NOTHING_DISCOVERED);

        assertThat(fixture.state())
                .isEqualTo(new DnsDiscovery.TargetState("a.test", List.of("10.0.0.1"), 2, "refused", REFRESH));
    }

    private static LoadAssignment assignment(String... hosts) {
        List<EndpointConfig> endpoints = Arrays.stream(hosts)
                .map(host -> EndpointConfig.of(Address.Socket.of(host, 80)))
                .toList();
        return LoadAssignment.of("c", List.of(new LocalityEndpoints(Locality.NONE, 0, 0, endpoints, Optional.empty())));
    }
}
