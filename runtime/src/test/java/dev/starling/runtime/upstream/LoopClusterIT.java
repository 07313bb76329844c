package dev.starling.runtime.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.EndpointState;
import dev.starling.runtime.cluster.ClusterSnapshot;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.message.Protocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a loop's pools when the endpoints of its cluster change. */
class LoopClusterIT {

    private final ProxyFixture proxy = ProxyFixture.start();
    private final Endpoint one = at(1, new EndpointState());
    private final Endpoint two = at(2, new EndpointState());
    private final Cluster settings = ProxyFixture.cluster("up");
    private final ClusterTraffic traffic = proxy.publish(settings, OutlierMonitor.OFF);

    @BeforeEach
    void start() {
        publish(one, two);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private static Endpoint at(int port, EndpointState state) {
        Endpoint made = ProxyFixture.endpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new Endpoint(
                made.config(),
                made.address(),
                made.addressText(),
                made.hostname(),
                made.locality(),
                made.priority(),
                state);
    }

    private void publish(Endpoint... endpoints) {
        proxy.publish(new ClusterSnapshot(settings, EndpointSet.of(List.of(endpoints)), traffic, false));
    }

    private HostPool pool(Endpoint endpoint) {
        return ProxyFixture.on(
                proxy.loop(),
                () -> requireNonNull(proxy.context()
                                .clustersOf(proxy.loop())
                                .cluster(proxy.context().clusters().slot("up")))
                        .pool(endpoint, RoutingPriority.DEFAULT, Protocol.HTTP_1_1, null, null));
    }

    @Test
    void endpointsThatStayOrMoveKeepTheirPools() {
        HostPool ofOne = pool(one);
        HostPool ofTwo = pool(two);
        Endpoint moved = at(3, two.state());

        publish(one, moved);

        assertThat(pool(one)).isSameAs(ofOne);
        assertThat(pool(moved)).isSameAs(ofTwo);
    }

    @Test
    void anEndpointThatLeftHasLostItsPoolThoughAnotherHasItsAddress() {
        HostPool ofOne = pool(one);
        HostPool ofTwo = pool(two);
        Endpoint another = at(2, new EndpointState());

        publish(one, another);

        assertThat(pool(one)).isSameAs(ofOne);
        assertThat(pool(two)).isNotSameAs(ofTwo);
    }
}
