package dev.starling.runtime.control.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.Address;
import dev.starling.config.Locality;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.HealthCheck;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.endpoint.LocalityEndpoints;
import dev.starling.lb.Endpoint;
import dev.starling.lb.HealthFlag;
import dev.starling.runtime.control.Configs;
import dev.starling.xds.health.HealthChecking.Status;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CheckedClusterTest {

    private static final Cluster MODEL = Configs.cluster("""
              - name: c
                load_assignment: {cluster_name: c}
                health_checks: [{timeout: 1s, interval: 1s, healthy_threshold: 1, unhealthy_threshold: 1,
                  http_health_check: {path: /}}]
            """);

    private static final Locality HERE = new Locality("r", "here", "");
    private static final Locality THERE = new Locality("r", "there", "");

    private static CheckedCluster of(Cluster cluster) {
        return CheckedCluster.of(cluster, CheckedClusterTest::address);
    }

    private static CheckedCluster next(CheckedCluster cluster, Cluster settings) {
        return cluster.as(settings, CheckedClusterTest::address);
    }

    private static InetSocketAddress address(Address address) {
        return InetSocketAddress.createUnresolved("10.0.0.1", ((Address.Socket) address).port());
    }

    private static LocalityEndpoints group(Locality locality, int... ports) {
        return new LocalityEndpoints(
                locality,
                0,
                0,
                IntStream.of(ports)
                        .mapToObj(port -> EndpointConfig.of(Address.Socket.of("10.0.0.1", port)))
                        .toList(),
                Optional.empty());
    }

    private static Cluster cluster(int checks, LocalityEndpoints... groups) {
        return new Cluster(
                MODEL.name(),
                MODEL.statName(),
                MODEL.discovery(),
                LoadAssignment.of("c", List.of(groups)),
                MODEL.lbPolicy(),
                MODEL.commonLb(),
                MODEL.connectTimeout(),
                MODEL.perConnectionBufferLimit(),
                MODEL.circuitBreakers(),
                MODEL.outlierDetection(),
                Stream.generate(() -> MODEL.healthChecks().getFirst())
                        .limit(checks)
                        .toList(),
                MODEL.http(),
                MODEL.transportSockets(),
                MODEL.proxyProtocol(),
                MODEL.waitForWarmOnInit(),
                MODEL.ignoreHealthOnHostRemoval(),
                MODEL.metadata(),
                MODEL.contentHash());
    }

    /** What a check writes who has found the endpoint of that port so. */
    private static void found(CheckedCluster cluster, int check, int port, HealthFlag... flags) {
        Endpoint endpoint = cluster.checks().get(check).endpoints().stream()
                .filter(each -> each.addressText().endsWith(":" + port))
                .findFirst()
                .orElseThrow();
        int bits = 0;
        for (HealthFlag flag : flags) {
            bits |= flag.bit();
        }
        endpoint.state().replace(-1, bits);
    }

    private static List<Status> statuses(CheckedCluster cluster) {
        return cluster.health().localities().stream()
                .flatMap(group -> group.endpoints().stream())
                .map(endpoint -> endpoint.status())
                .toList();
    }

    @Test
    void tellsEndpointsInTheirGroupsAsLastFound() {
        var cluster = of(cluster(1, group(HERE, 1, 2), group(THERE, 3), group(HERE)));
        assertThat(statuses(cluster)).containsOnly(Status.UNHEALTHY);

        found(cluster, 0, 1);
        found(cluster, 0, 3, HealthFlag.FAILED_ACTIVE_HC, HealthFlag.ACTIVE_HC_TIMEOUT);

        assertThat(statuses(cluster)).containsExactly(Status.HEALTHY, Status.UNHEALTHY, Status.TIMEOUT);
        assertThat(cluster.health().localities())
                .extracting(group -> group.locality())
                .containsExactly(HERE, THERE, HERE);
    }

    @Test
    void whatIsDegradedIsNotHealthyToEnvoy() {
        var cluster = of(cluster(1, group(HERE, 1)));

        found(cluster, 0, 1, HealthFlag.DEGRADED_ACTIVE_HC);

        assertThat(statuses(cluster)).containsExactly(Status.UNHEALTHY);
    }

    @Test
    void allChecksMustPass() {
        var cluster = of(cluster(2, group(HERE, 1, 2)));
        assertThat(cluster.checks()).hasSize(2);
        found(cluster, 0, 1);
        found(cluster, 1, 1);
        found(cluster, 0, 2);
        assertThat(statuses(cluster)).containsExactly(Status.HEALTHY, Status.UNHEALTHY);

        found(cluster, 1, 1, HealthFlag.FAILED_ACTIVE_HC, HealthFlag.ACTIVE_HC_TIMEOUT);

        assertThat(statuses(cluster)).containsExactly(Status.TIMEOUT, Status.UNHEALTHY);
    }

    @Test
    void withoutChecksNothingIsHealthy() {
        var cluster = of(cluster(0, group(HERE, 1)));

        assertThat(cluster.checks()).isEmpty();
        assertThat(statuses(cluster)).containsExactly(Status.UNHEALTHY);
    }

    @Test
    void whatStaysKeepsWhatIsKnownOfIt() {
        var before = of(cluster(1, group(HERE, 1, 2), group(THERE, 3)));
        found(before, 0, 1);
        found(before, 0, 2);
        found(before, 0, 3);

        // The second has moved, the third has gone and the fourth has come.
        var after = next(before, cluster(1, group(HERE, 1), group(THERE, 2, 4)));

        assertThat(statuses(after)).containsExactly(Status.HEALTHY, Status.UNHEALTHY, Status.UNHEALTHY);
        assertThat(statuses(next(after, cluster(1, group(THERE, 3))))).containsExactly(Status.UNHEALTHY);
    }

    @Test
    void aFurtherCheckMustPassToo() {
        var before = of(cluster(1, group(HERE, 1)));
        found(before, 0, 1);

        var after = next(before, cluster(2, group(HERE, 1)));

        assertThat(statuses(after)).containsExactly(Status.UNHEALTHY);
        assertThat(statuses(next(after, cluster(1, group(HERE, 1))))).containsExactly(Status.HEALTHY);
    }

    @Test
    void anEndpointThatIsNamedTwiceIsCheckedOnceAndToldTwice() {
        var cluster = of(cluster(1, group(HERE, 1, 1)));

        found(cluster, 0, 1);

        assertThat(cluster.checks().getFirst().endpoints()).hasSize(1);
        assertThat(statuses(cluster)).containsExactly(Status.HEALTHY, Status.HEALTHY);
    }

    @Test
    void knowsWhetherConnectionsAreTheSame() {
        var cluster = of(cluster(1, group(HERE, 1)));

        assertThat(cluster.connectsAs(cluster(2, group(HERE, 2)))).isTrue();
        assertThat(cluster.connectsAs(Configs.cluster("""
                      - name: c
                        http2_protocol_options: {}
                        load_assignment: {cluster_name: c}
                    """))).isFalse();
    }

    @Test
    void eachCheckHasItsOwnView() {
        HealthCheck check = MODEL.healthChecks().getFirst();

        assertThat(of(cluster(2, group(HERE, 1))).checks()).allSatisfy(each -> {
            assertThat(each.check()).isEqualTo(check);
            assertThat(each.endpoints()).hasSize(1);
        });
    }
}
