package dev.starling.runtime.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.Cluster;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.listener.ProxyFixture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Picks of aggregates on a loop, of clusters that nobody connects to. */
class AggregateBalancerIT {

    private static final InetSocketAddress ONE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final InetSocketAddress TWO = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);

    private final ProxyFixture proxy = ProxyFixture.start();

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void aggregate(String name, String... members) {
        Cluster plain = ProxyFixture.cluster(name);
        proxy.publish(
                new Cluster(
                        name,
                        name,
                        new Cluster.Discovery.Aggregate(List.of(members)),
                        plain.loadAssignment(),
                        plain.lbPolicy(),
                        plain.commonLb(),
                        plain.connectTimeout(),
                        plain.perConnectionBufferLimit(),
                        plain.circuitBreakers(),
                        plain.outlierDetection(),
                        plain.healthChecks(),
                        plain.http(),
                        plain.transportSockets(),
                        plain.proxyProtocol(),
                        true,
                        false,
                        plain.metadata(),
                        1),
                OutlierMonitor.OFF);
    }

    /** The cluster of the endpoint that is picked, and the endpoint; or the cluster that has found none. */
    private String pick(String name) {
        return ProxyFixture.on(proxy.loop(), () -> {
            LoopCluster cluster = requireNonNull(proxy.context()
                    .clustersOf(proxy.loop())
                    .cluster(proxy.context().clusters().slot(name)));
            Object pick = cluster.pick();
            assertThat(cluster.picked().settings().name().equals(name)).isEqualTo(!(pick instanceof Endpoint));
            return cluster.picked().settings().name() + " " + pick;
        });
    }

    @Test
    void picksFromTheFirstClusterThatHasEndpoints() {
        aggregate("all", "none", "empty", "plain");
        proxy.publish("empty");
        proxy.publish("plain", ONE);

        assertThat(pick("all")).isEqualTo("plain 127.0.0.1:1");
    }

    @Test
    void followsWhatIsPublishedAndWithdrawn() {
        aggregate("all", "first", "second");
        assertThat(pick("all")).isEqualTo("all NO_HEALTHY_UPSTREAM");

        proxy.publish("second", TWO);
        assertThat(pick("all")).isEqualTo("second 127.0.0.1:2");
        proxy.publish("first", ONE);
        assertThat(pick("all")).isEqualTo("first 127.0.0.1:1");
        proxy.publish("first", TWO);
        assertThat(pick("all")).isEqualTo("first 127.0.0.1:2");
        proxy.withdraw("first");
        assertThat(pick("all")).isEqualTo("second 127.0.0.1:2");
        aggregate("all", "first");
        assertThat(pick("all")).isEqualTo("all NO_HEALTHY_UPSTREAM");
    }

    @Test
    void goesIntoAggregatesWhereTheyAreFirstNamed() {
        aggregate("all", "inner", "plain");
        aggregate("inner", "innermost", "none");
        proxy.publish("plain", ONE);
        assertThat(pick("all")).isEqualTo("plain 127.0.0.1:1");

        aggregate("innermost", "deep");
        assertThat(pick("all")).isEqualTo("plain 127.0.0.1:1");
        proxy.publish("deep", TWO);
        assertThat(pick("all")).isEqualTo("deep 127.0.0.1:2");
        proxy.withdraw("inner");
        assertThat(pick("all")).isEqualTo("plain 127.0.0.1:1");
    }

    /** Which is refused, but two control planes that know nothing of each other could each bring a half of it. */
    @Test
    void endsWhereAggregatesNameEachOther() {
        aggregate("one", "two", "one", "plain");
        aggregate("two", "one", "two");

        assertThat(pick("one")).isEqualTo("one NO_HEALTHY_UPSTREAM");
        assertThat(pick("two")).isEqualTo("two NO_HEALTHY_UPSTREAM");
        proxy.publish("plain", ONE);
        assertThat(pick("one")).isEqualTo("plain 127.0.0.1:1");
        assertThat(pick("two")).isEqualTo("plain 127.0.0.1:1");
    }
}
