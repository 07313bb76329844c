package dev.starling.tests.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.Value;
import com.sun.net.httpserver.HttpServer;
import dev.starling.config.InvalidConfigException;
import io.envoyproxy.envoy.admin.v3.ClientResourceStatus;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.envoyproxy.envoy.service.secret.v3.SecretDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ClientConfig.GenericXdsConfig;
import io.envoyproxy.envoy.service.status.v3.ClientStatusDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import io.envoyproxy.envoy.service.status.v3.ClientStatusResponse;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What java-control-plane's server sends to one server, others get from that one. */
@Timeout(120)
class RelayIT {

    private static final Snapshots ADS = Snapshots.aggregated();
    private static final String CLUSTERS = "type.googleapis.com/envoy.config.cluster.v3.Cluster";

    private static final String RELAY = Proxy.listener("relay", """
            stream_idle_timeout: 0s
            route_config: {}
            http_filters:
            - name: xds
              typed_config:
                "@type": type.googleapis.com/xds.type.v3.TypedStruct
                type_url: type.googleapis.com/starling.filters.http.XdsRelay
            """);

    private static final String GROUPED = RELAY + """
            value:
              groups:
              - name: near
                nodes: [{id: {exact: near}}, {metadata: {place: {exact: here}}}]
                resources: [{name: {prefix: up}}]
              - name: far
                nodes: [{cluster: {prefix: far}}]
                resources:
                - type_url: type.googleapis.com/envoy.config.cluster.v3.Cluster
                  name: {safe_regex: {regex: "other.*"}}
            """.indent(14);

    private HttpServer upstream;
    private HttpServer other;
    private Plane plane;
    private Proxy relay;

    @BeforeEach
    void start() throws Exception {
        upstream = Proxy.upstream("hello");
        other = Proxy.upstream("other");
        plane = Plane.start();
        plane.set(ADS.all("1", upstream.getAddress().getPort()));
        relay = relay().awaitStart();
    }

    @AfterEach
    void stop() {
        if (relay != null) {
            relay.close();
        }
        plane.close();
        upstream.stop(0);
        other.stop(0);
    }

    private Proxy relay() throws InvalidConfigException {
        return relay(RELAY);
    }

    private Proxy relay(String listener) throws InvalidConfigException {
        return Proxy.aggregated("DELTA_GRPC", "15s", Proxy.plane(plane.port()) + listener);
    }

    private int relayPort() {
        return relay.port("relay").orElseThrow();
    }

    private static void eventually(Runnable holds) {
        await().atMost(java.time.Duration.ofSeconds(20))
                .pollInterval(java.time.Duration.ofMillis(20))
                .untilAsserted(holds::run);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void aServerLivesOnWhatAnotherRelays(String apiType) throws Exception {
        try (var proxy = Proxy.aggregated(relayPort(), apiType).awaitStart()) {
            assertThat(proxy.get("in")).isEqualTo("200 hello");

            plane.set(ADS.all("2", other.getAddress().getPort()));
            eventually(() -> assertThat(proxy.get("in")).isEqualTo("200 other"));

            assertThat(relay.stat("xds_relay.streams_active")).isEqualTo(1);
            assertThat(relay.stat("xds_relay.responses_refused")).isZero();
            assertThat(plane.streams).hasValue(1);
        }
        eventually(() -> assertThat(relay.stat("xds_relay.streams_active")).isZero());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void streamsOfTheirOwnForEachTypeAreServedToo(String apiType) throws Exception {
        plane.set(Snapshots.separate(ApiType.valueOf(apiType))
                .all("2", other.getAddress().getPort()));
        try (var separate = relay().awaitStart();
                var proxy = Proxy.separate(separate.port("relay").orElseThrow(), apiType)
                        .awaitStart()) {
            assertThat(proxy.get("in")).isEqualTo("200 other");
        }
    }

    @Test
    void whatIsRefusedIsNotRelayedAndWhatIsHeldOutlivesTheControlPlane() throws Exception {
        int port = upstream.getAddress().getPort();
        Cluster bad = ADS.cluster("upstream").toBuilder()
                .setConnectTimeout(Duration.getDefaultInstance())
                .build();
        plane.set(Snapshots.of(
                "2",
                List.of(bad, ADS.cluster("another")),
                List.of(Snapshots.endpoints("upstream", port), Snapshots.endpoints("another")),
                List.of(ADS.listener("in", 0, "routes")),
                List.of(Snapshots.routes("routes", "upstream"))));
        eventually(() ->
                assertThat(relay.stat("cluster_manager.cds.update_rejected")).isPositive());
        plane.close();

        try (var proxy = Proxy.aggregated(relayPort(), "DELTA_GRPC").awaitStart()) {
            assertThat(proxy.get("in")).isEqualTo("200 hello");
            assertThat(proxy.stat("cluster_manager.cds.update_rejected")).isZero();
        }
    }

    @Test
    void aClientThatRefusesHoldsUpNobodyAndIsReported() throws Exception {
        try (var refusing = new Client(relay, Node.newBuilder().setId("refusing"));
                var proxy = Proxy.aggregated(relayPort(), "DELTA_GRPC").awaitStart()) {
            DeltaDiscoveryResponse first = refusing.next();
            assertThat(first.getResourcesList()).hasSize(1);
            refusing.refuse(first, "I would rather not");
            eventually(
                    () -> assertThat(relay.stat("xds_relay.responses_refused")).isEqualTo(1));

            plane.set(ADS.all("2", other.getAddress().getPort()));
            eventually(() -> assertThat(proxy.get("in")).isEqualTo("200 other"));
            assertThat(refusing.responses).isEmpty(); // its clusters have not changed

            ClientStatusResponse status = refusing.status();
            assertThat(of(status, "refusing").getGenericXdsConfigsList())
                    .singleElement()
                    .satisfies(each -> {
                        assertThat(each.getClientStatus()).isEqualTo(ClientResourceStatus.NACKED);
                        assertThat(each.getConfigStatus()).isEqualTo(ConfigStatus.ERROR);
                        assertThat(each.getErrorState().getDetails()).isEqualTo("I would rather not");
                    });
            // The relay itself and its client have the same name here.
            assertThat(status.getConfigList())
                    .filteredOn(each -> each.getNode().getId().equals("test-id"))
                    .hasSize(2)
                    .allSatisfy(each -> assertThat(each.getGenericXdsConfigsList())
                            .extracting(GenericXdsConfig::getClientStatus)
                            .hasSize(4)
                            .containsOnly(ClientResourceStatus.ACKED));
        }
    }

    private void offer(String version, Cluster... clusters) {
        plane.set(Snapshots.of(
                version,
                List.of(clusters),
                Stream.of(clusters)
                        .map(cluster -> Snapshots.endpoints(cluster.getName()))
                        .toList(),
                List.of(),
                List.of()));
    }

    private static Cluster slow(Cluster cluster) {
        return cluster.toBuilder()
                .setConnectTimeout(Duration.newBuilder().setSeconds(9))
                .build();
    }

    @Test
    void eachGroupIsServedItsOwnAndNotDisturbedByWhatOthersAreServed() throws Exception {
        Cluster upstream = ADS.cluster("upstream");
        Cluster others = ADS.cluster("others");
        offer("2", upstream, others, ADS.cluster("nobody's"));
        try (var grouped = relay(GROUPED).awaitStart();
                var near = new Client(grouped, Node.newBuilder().setId("near"));
                var far = new Client(grouped, Node.newBuilder().setId("b").setCluster("far-1"))) {
            assertThat(names(near.next())).containsExactly("upstream");
            assertThat(names(far.next())).containsExactly("others");
            near.accept();
            far.accept();

            offer("3", upstream, slow(others), ADS.cluster("nobody's"));
            assertThat(names(far.next())).containsExactly("others");
            far.refuse(far.last, "I would rather not");
            offer("4", slow(upstream), slow(others));
            assertThat(names(near.next())).containsExactly("upstream");
            near.accept();
            offer("5", slow(upstream));
            assertThat(far.next().getRemovedResourcesList()).containsExactly("others");
            assertThat(near.responses).isEmpty();

            ClientStatusResponse status = near.status();
            assertThat(of(status, "near").getClientScope()).isEqualTo("near");
            assertThat(of(status, "near").getGenericXdsConfigsList())
                    .extracting(GenericXdsConfig::getName, GenericXdsConfig::getClientStatus)
                    .containsExactly(tuple("upstream", ClientResourceStatus.ACKED));
            assertThat(of(status, "b").getClientScope()).isEqualTo("far");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {group: []}                                 | group: no such field of starling.filters.http.XdsRelay
            {groups: {}}                                | groups: must be a list
            {groups: [{}]}                              | groups[0].name: is required
            {groups: [{name: 1}]}                       | groups[0].name: must be text
            {groups: [{name: a}, {name: a}]}            | groups[1].name: another group has this name
            {groups: [{name: a, node: []}]}             | groups[0].node: no such field of starling.filters.http.XdsRelay
            {groups: [{name: a, nodes: [a]}]}           | groups[0].nodes[0]: must be an object
            {groups: [{name: a, nodes: [{}]}]}          | groups[0].nodes[0]: one of id, cluster, metadata is required
            {groups: [{name: a, nodes: [{id: {}}]}]}    | groups[0].nodes[0].id: one of exact, prefix, suffix, safe_regex, contains is required
            {groups: [{name: a, nodes: [{id: {x: 1}}]}]}  | groups[0].nodes[0].id.x: no such field
            {groups: [{name: a, nodes: [{metadata: {k: {exact: "1"}, l: {}}}]}]}  | groups[0].nodes[0].metadata["l"]: one of exact
            {groups: [{name: a, resources: [{}]}]}      | groups[0].resources[0]: one of type_url, name is required
            {groups: [{name: a, resources: [{type_url: c}]}]}  | groups[0].resources[0].type_url: nothing of the type c is relayed
            """)
    void whatIsWrongWithGroupsIsSaidWithItsPath(String value, String problem) {
        assertThatThrownBy(() -> relay(RELAY + ("value: " + value).indent(14)))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("http_filters[0].typed_config.value." + problem);
    }

    @Test
    void aNodeIsOfTheGroupThatItsMetadataSaysAndWhatIsOfNoGroupIsTurnedAway() throws Exception {
        var here = Node.newBuilder().setId("c");
        here.getMetadataBuilder()
                .putFields("place", Value.newBuilder().setStringValue("here").build());
        try (var grouped = relay(GROUPED).awaitStart();
                var near = new Client(grouped, here);
                var stranger = new Client(grouped, Node.newBuilder().setId("stranger"))) {
            assertThat(names(near.next())).containsExactly("upstream");
            eventually(() -> assertThat(stranger.error)
                    .hasMessage("PERMISSION_DENIED: node 'stranger' is of no group that is served"));
            assertThat(grouped.stat("xds_relay.streams_turned_away")).isEqualTo(1);
        }
    }

    private static List<String> names(DeltaDiscoveryResponse response) {
        return response.getResourcesList().stream().map(Resource::getName).toList();
    }

    private static ClientConfig of(ClientStatusResponse status, String node) {
        return status.getConfigList().stream()
                .filter(each -> each.getNode().getId().equals(node))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void secretsAreNotRelayed() throws Exception {
        var channel = NettyChannelBuilder.forAddress(Plane.loopback(relayPort()))
                .usePlaintext()
                .build();
        try {
            var secrets = SecretDiscoveryServiceGrpc.newBlockingStub(channel);
            assertThatThrownBy(() -> secrets.fetchSecrets(DiscoveryRequest.getDefaultInstance()))
                    .hasMessageContaining("UNIMPLEMENTED");
            BlockingQueue<Throwable> ends = new LinkedBlockingQueue<>();
            SecretDiscoveryServiceGrpc.newStub(channel).streamSecrets(new StreamObserver<>() {
                @Override
                public void onNext(DiscoveryResponse response) {
                    ends.add(new AssertionError("a response"));
                }

                @Override
                public void onError(Throwable thrown) {
                    ends.add(thrown);
                }

                @Override
                public void onCompleted() {
                    ends.add(new AssertionError("completed"));
                }
            });
            assertThat(ends.poll(20, TimeUnit.SECONDS)).hasMessageContaining("UNIMPLEMENTED");
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void whoeverIsNoClientOfXdsIsToldSo() {
        assertThat(relay.get("relay")).isEqualTo("415 this listener serves xDS over gRPC");
    }

    /** A client of the delta protocol that wants all clusters and answers as it is told. */
    private static final class Client implements AutoCloseable, StreamObserver<DeltaDiscoveryResponse> {

        final BlockingQueue<DeltaDiscoveryResponse> responses = new LinkedBlockingQueue<>();
        private final ManagedChannel channel;
        private final StreamObserver<DeltaDiscoveryRequest> requests;
        private volatile @Nullable Throwable error;
        private DeltaDiscoveryResponse last = DeltaDiscoveryResponse.getDefaultInstance();

        Client(Proxy relay, Node.Builder node) {
            channel = NettyChannelBuilder.forAddress(
                            Plane.loopback(relay.port("relay").orElseThrow()))
                    .usePlaintext()
                    .build();
            requests = AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
            requests.onNext(DeltaDiscoveryRequest.newBuilder()
                    .setNode(node)
                    .setTypeUrl(CLUSTERS)
                    .build());
        }

        DeltaDiscoveryResponse next() throws InterruptedException {
            DeltaDiscoveryResponse next = responses.poll(20, TimeUnit.SECONDS);
            assertThat(next).as("a response, after %s", error).isNotNull();
            last = next;
            return next;
        }

        /** What came last. */
        void accept() {
            requests.onNext(DeltaDiscoveryRequest.newBuilder()
                    .setTypeUrl(CLUSTERS)
                    .setResponseNonce(last.getNonce())
                    .build());
        }

        void refuse(DeltaDiscoveryResponse response, String why) {
            var request =
                    DeltaDiscoveryRequest.newBuilder().setTypeUrl(CLUSTERS).setResponseNonce(response.getNonce());
            request.getErrorDetailBuilder()
                    .setCode(Status.Code.INTERNAL.value())
                    .setMessage(why);
            requests.onNext(request.build());
        }

        ClientStatusResponse status() throws InterruptedException {
            BlockingQueue<ClientStatusResponse> answers = new LinkedBlockingQueue<>();
            var asking = ClientStatusDiscoveryServiceGrpc.newStub(channel).streamClientStatus(new StreamObserver<>() {
                @Override
                public void onNext(ClientStatusResponse answer) {
                    answers.add(answer);
                }

                @Override
                public void onError(Throwable thrown) {
                    error = thrown;
                }

                @Override
                public void onCompleted() {}
            });
            asking.onNext(ClientStatusRequest.getDefaultInstance());
            asking.onCompleted();
            ClientStatusResponse answer = answers.poll(20, TimeUnit.SECONDS);
            assertThat(answer).as("a status, after %s", error).isNotNull();
            return answer;
        }

        @Override
        public void onNext(DeltaDiscoveryResponse response) {
            responses.add(response);
        }

        @Override
        public void onError(Throwable thrown) {
            error = thrown;
        }

        @Override
        public void onCompleted() {}

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }
}
