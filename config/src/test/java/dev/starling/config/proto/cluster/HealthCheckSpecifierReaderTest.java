package dev.starling.config.proto.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.starling.config.Address;
import dev.starling.config.Locality;
import dev.starling.config.Problem;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.HealthCheck.Probe;
import dev.starling.config.cluster.HealthCheckSpecifier;
import dev.starling.config.cluster.UpstreamHttp.Version;
import dev.starling.config.endpoint.LocalityEndpoints;
import dev.starling.config.proto.LoadedResource;
import dev.starling.config.proto.LoaderFixture;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.source.ConfigText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthCheckSpecifierReaderTest {

    private static final String CHECK = "timeout: 1s, interval: 2s, healthy_threshold: 1, unhealthy_threshold: 1";
    private static final String HTTP = "{" + CHECK + ", http_health_check: {path: /}}";
    private static final String ENDPOINT = "{address: {socket_address: {address: 10.0.0.1, port_value: 80}}}";

    private static LoadedResource<HealthCheckSpecifier> load(String yaml) throws Exception {
        var loader = LoaderFixture.loader();
        var message = loader.reader()
                .read(
                        io.envoyproxy.envoy.service.health.v3.HealthCheckSpecifier.getDefaultInstance(),
                        List.of(ConfigText.yaml("test", yaml)),
                        UnknownFields.REJECT)
                .message();
        return loader.readHealthChecks(message, UnknownFields.REJECT);
    }

    private static String cluster(String name, String checks, String endpoints) {
        return "{cluster_name: \"" + name + "\", health_checks: [" + checks
                + "], locality_endpoints: [{locality: {region: r, zone: z}, endpoints: [" + endpoints + "]}]}";
    }

    private static String specifier(String... clusters) {
        return "{cluster_health_checks: [" + String.join(", ", clusters) + "]}";
    }

    @Test
    void readsWhereAndHowEndpointsAreChecked() throws Exception {
        var read = load(specifier(cluster("a:b", HTTP, ENDPOINT))).resource();

        assertThat(read.interval()).isEqualTo(Duration.ofSeconds(1));
        Cluster cluster = read.clusters().getFirst();
        assertThat(cluster.name()).isEqualTo("a:b");
        assertThat(cluster.statName()).isEqualTo("a_b");
        assertThat(cluster.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(cluster.http().version()).isEqualTo(Version.HTTP_1);
        assertThat(cluster.healthChecks()).singleElement().satisfies(check -> {
            assertThat(check.intervals().interval()).isEqualTo(Duration.ofSeconds(2));
            assertThat(check.intervals().noTraffic()).isEqualTo(Duration.ofSeconds(60));
            assertThat(check.socketCriteria()).isEmpty();
        });
        LocalityEndpoints group = cluster.loadAssignment().localities().getFirst();
        assertThat(group.locality()).isEqualTo(new Locality("r", "z", ""));
        assertThat(group.endpoints())
                .singleElement()
                .satisfies(endpoint -> assertThat(endpoint.address()).isEqualTo(Address.Socket.of("10.0.0.1", 80)));
    }

    @Test
    void anEndpointMayBeCheckedInSeveralWaysAndHttp2IsSpokenForGrpc() throws Exception {
        var cluster = load(specifier(cluster("a", HTTP + ", {" + CHECK + ", grpc_health_check: {}}", ENDPOINT)))
                .resource()
                .clusters()
                .getFirst();

        assertThat(cluster.http().version()).isEqualTo(Version.HTTP_2);
        assertThat(cluster.healthChecks()).hasSize(2);
        assertThat(cluster.healthChecks().getLast().probe()).isInstanceOf(Probe.Grpc.class);
    }

    @Test
    void leavesOutEndpointsThatAreNotToBeChecked() throws Exception {
        String off = ENDPOINT.replace("}}}", "}}, health_check_config: {disable_active_health_check: true}}");

        var cluster =
                load(specifier(cluster("a", HTTP, off))).resource().clusters().getFirst();

        assertThat(cluster.loadAssignment().localities())
                .singleElement()
                .satisfies(group -> assertThat(group.endpoints()).isEmpty());
    }

    @Test
    void aChecksOwnCriteriaChooseTheTransportSocket() throws Exception {
        String check = HTTP.replace("{timeout", "{transport_socket_match_criteria: {tls: \"yes\"}, timeout");

        var cluster = load(specifier(cluster("a", check, ENDPOINT)))
                .resource()
                .clusters()
                .getFirst();

        assertThat(cluster.healthChecks().getFirst().socketCriteria()).contains(Map.of("tls", "yes"));
    }

    @Test
    void aNameIsTakenOnceButForNone() throws Exception {
        var loaded = load(specifier(
                cluster("a", HTTP, ENDPOINT),
                cluster("", HTTP, ENDPOINT),
                cluster("a", HTTP, ""),
                cluster("", HTTP, "")));

        assertThat(loaded.resource().clusters()).extracting(Cluster::name).containsExactly("a", "", "");
        assertThat(loaded.warnings())
                .extracting(Problem::toString)
                .singleElement()
                .asString()
                .contains("cluster_health_checks[2].cluster_name");
    }

    @Test
    void equalClustersHaveEqualHashes() throws Exception {
        var one = load(specifier(cluster("a", HTTP, ENDPOINT), cluster("b", HTTP, ENDPOINT)));
        var other = load(specifier(cluster("a", HTTP, ENDPOINT), cluster("b", HTTP, "")));

        assertThat(one.resource().clusters().getFirst().contentHash())
                .isEqualTo(other.resource().clusters().getFirst().contentHash());
        assertThat(one.resource().clusters().getLast().contentHash())
                .isNotEqualTo(other.resource().clusters().getLast().contentHash());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {timeout: 1s}       | {address: {socket_address: {address: 10.0.0.1, port_value: 80}}} | cluster_health_checks[0].health_checks[0].interval:
            {CHECK}             | {address: {socket_address: {address: 10.0.0.1, port_value: 80}}} | cluster_health_checks[0].health_checks[0]: one of
            HTTP                | {address: {socket_address: {address: localhost, port_value: 80}}} | cluster_health_checks[0].locality_endpoints[0].endpoints[0].address.socket_address.address: malformed IP address: localhost
            HTTP                | {}                                                               | cluster_health_checks[0].locality_endpoints[0].endpoints[0].address: Address must be set
            HTTP                | {address: {socket_address: {address: 10.0.0.1, port_value: 70000}}} | cluster_health_checks[0].locality_endpoints[0].endpoints[0].address.socket_address.port_value
            """)
    void saysWhereItIsWrong(String checks, String endpoints, String problem) {
        String written = checks.replace("HTTP", HTTP).replace("{CHECK}", "{" + CHECK + "}");

        assertThatThrownBy(() -> load(specifier(cluster("a", written, endpoints))))
                .hasMessageContaining(problem);
    }

    @Test
    void refusesANegativeInterval() {
        assertThatThrownBy(() -> load("{interval: \"-1s\"}")).hasMessageContaining("interval: must not be negative");
    }

    @Test
    void refusesMoreThanItChecks() {
        var many = io.envoyproxy.envoy.service.health.v3.HealthCheckSpecifier.newBuilder();
        var cluster = many.addClusterHealthChecksBuilder();
        var group = cluster.addLocalityEndpointsBuilder();
        for (int i = 0; i <= HealthCheckSpecifierReader.MAX_CHECKED_ENDPOINTS / 2; i++) {
            group.addEndpointsBuilder();
        }

        // Of no use, but few enough.
        assertThatThrownBy(() -> LoaderFixture.loader().readHealthChecks(many.build(), UnknownFields.REJECT))
                .hasMessageNotContaining("at most");
        cluster.addHealthChecksBuilder();
        cluster.addHealthChecksBuilder();
        assertThatThrownBy(() -> LoaderFixture.loader().readHealthChecks(many.build(), UnknownFields.REJECT))
                .hasMessageContaining("100002 endpoints, counted once for each check, and at most 100000 are checked");
        many.clear();
        for (int i = 0; i <= HealthCheckSpecifierReader.MAX_CLUSTERS; i++) {
            many.addClusterHealthChecksBuilder();
        }
        assertThatThrownBy(() -> LoaderFixture.loader().readHealthChecks(many.build(), UnknownFields.REJECT))
                .hasMessageContaining("cluster_health_checks: has 10001 clusters, and at most 10000 are checked");
    }
}
