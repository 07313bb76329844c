package dev.starling.runtime.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.cluster.ClusterTable;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.control.Configs;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.control.discovery.FakeDiscovery;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.time.Clock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.Effect;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

class ClusterVersionStarterTest {

    private static final InetSocketAddress ONE = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 80);

    private final StatsStore stats = new StatsStore(1);
    private final AtomicReference<ClusterVersion> started = new AtomicReference<>();

    /** The owner of the version with these settings; stops it when it gets a message. */
    private BehaviorTestKit<String> owner(String settings) {
        ClusterPorts ports = new ClusterPorts(
                new ClusterTable(),
                () -> {},
                stats,
                Examples::address,
                new FakeResolver(),
                (_, _) -> new FakeProber(),
                new FakeDiscovery().resources(),
                Examples.tls(),
                new Random(1),
                Clock.SYSTEM);
        ClusterTraffic traffic = Examples.traffic(stats, "c");
        return BehaviorTestKit.create(Behaviors.setup(context -> {
            var starter = new ClusterVersionStarter(
                    "c",
                    ports,
                    ClusterManagerStats.in(stats.scope("cluster_manager.")),
                    traffic,
                    stats.scope("cluster.c."),
                    context,
                    (_, _) -> {});
            var cluster = Configs.cluster(Configs.cluster("c", settings, ONE));
            started.set(starter.start(
                    7,
                    new ClusterActor.Update(
                            cluster, true, TestInbox.<UpdateResult>create().getRef())));
            return Behaviors.receiveMessage(_ -> {
                started.get().stop(context);
                return Behaviors.same();
            });
        }));
    }

    @Test
    void handsTheEndpointsOfAStaticClusterOverAfterTheBeginning() {
        BehaviorTestKit<String> owner = owner("connect_timeout: 1s");

        var told = owner.<EndpointsActor.Command>childInbox("endpoints-7").getAllReceived();

        assertThat(told.getFirst()).isEqualTo(new EndpointsActor.Begin(Optional.empty(), true));
        assertThat(told.getLast())
                .isInstanceOfSatisfying(
                        EndpointsActor.Discovered.class,
                        found -> assertThat(found.endpoints().size()).isEqualTo(1));
        assertThat(started.get().view().outlierDetector()).isEmpty();
        assertThat(started.get().view().dnsDiscovery()).isEmpty();
    }

    @Test
    void stopsAllThatItHasStarted() {
        BehaviorTestKit<String> owner = owner("outlier_detection: {}");
        owner.getAllEffects();

        owner.run("stop");

        assertThat(owner.getAllEffects())
                .filteredOn(Effect.Stopped.class::isInstance)
                .extracting(effect -> ((Effect.Stopped) effect).childName())
                .containsExactly("outlier-detector-7", "endpoints-7");
    }
}
