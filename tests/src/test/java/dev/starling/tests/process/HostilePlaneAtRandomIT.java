package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.starling.tests.process.OfferedResources.Upstream;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real process, and a control plane of a process of its own that goes through everything a control plane can do wrong, in
 * a random order, while requests go on: each is answered from a state that was good, and the last good state is reached.
 * More of it with {@code -Dstarling.xds.hostile.rounds=20 -Dstarling.seed=N}.
 */
@Timeout(1800)
class HostilePlaneAtRandomIT {

    private static final int ROUNDS = Integer.getInteger("starling.xds.hostile.rounds", 1);
    private static final long SEED = Long.getLong("starling.seed", System.nanoTime());
    private static final int HUGE_BYTES = 32 << 20;
    private static final int UPDATES = 5_000;
    private static final int MAX_RUBBISH_BYTES = 64 << 10;
    private static final int MAX_MORE_KIB = 384 << 10;

    private static String bootstrap(String apiType, int planePort) {
        return """
                admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
                node: {id: test-id, cluster: test-cluster}
                dynamic_resources:
                  cds_config: {ads: {}, resource_api_version: V3}
                  ads_config:
                    api_type: %s
                    transport_api_version: V3
                    grpc_services:
                    - envoy_grpc:
                        cluster_name: plane
                        retry_policy: {retry_back_off: {base_interval: 0.1s, max_interval: 0.5s}}
                static_resources:
                  listeners:
                  - name: in
                    address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                    filter_chains:
                    - filters:
                      - name: http
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: ingress
                          rds: {route_config_name: routes, config_source: {ads: {}, resource_api_version: V3}}
                          http_filters:
                          - name: router
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                  clusters:
                  - name: plane
                    connect_timeout: 1s
                    typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config:
                          http2_protocol_options: {connection_keepalive: {interval: 0.5s, timeout: 1s}}
                    load_assignment:
                      cluster_name: plane
                      endpoints:
                      - lb_endpoints:
                        - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
                """.formatted(apiType, planePort);
    }

    /** What is done to the proxy. */
    private enum Deed {
        UPDATE,
        MANY_UPDATES,
        HUGE_UPDATE,
        REFUSED_UPDATE,
        UNDECODABLE_RESPONSE,
        FROZEN,
        KILLED,
        RUBBISH_IN_ITS_PLACE
    }

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private final List<String> history = new ArrayList<>();
    private final List<WireServer> upstreams = new ArrayList<>();
    private OfferedResources offered;
    private List<Upstream> good;
    /** To where only refused resources lead. */
    private Upstream bad;

    private MortalPlane plane;
    private StarlingProcess starling;
    private SteadyClient client;

    @BeforeEach
    void start() throws Exception {
        String apiType = SEED % 2 == 0 ? "DELTA_GRPC" : "GRPC";
        System.out.println(getClass().getSimpleName() + " " + apiType + ": -Dstarling.seed=" + SEED);
        for (String name : List.of("robin", "wren", "cuckoo")) {
            upstreams.add(
                    WireServer.answering("HTTP/1.1 200 OK\r\ncontent-length: " + name.length() + "\r\n\r\n" + name));
        }
        good = List.of(
                new Upstream("robin", upstreams.get(0).port()),
                new Upstream("wren", upstreams.get(1).port()));
        bad = new Upstream("cuckoo", upstreams.get(2).port());
        offered = new OfferedResources(random, good);
        plane = MortalPlane.start(0, offered.all());
        starling = StarlingProcess.serve(
                folder, List.of("-Xmx256m", "-XX:MaxDirectMemorySize=128m"), bootstrap(apiType, plane.port()));
        client = new SteadyClient(starling.listener("in"), Set.of(offered.answer()));
    }

    @AfterEach
    void stop() throws Exception {
        List<AutoCloseable> all = new ArrayList<>(upstreams);
        Stream.of(client, starling, plane).filter(Objects::nonNull).forEach(all::add);
        for (AutoCloseable each : all) {
            each.close();
        }
    }

    @Test
    void costsNoRequestAndTheLastGoodStateIsReached() throws Exception {
        client.awaitAnswers(100);
        long before = Residence.kib(starling);
        for (int i = 0; i < ROUNDS; i++) {
            List<Deed> deeds = new ArrayList<>(List.of(Deed.values()));
            Collections.shuffle(deeds, random);
            for (Deed deed : deeds) {
                history.add(deed.toString());
                meet(deed);
                assertThat(Residence.kib(starling) - before)
                        .as("KiB more after %s", history)
                        .isLessThan(MAX_MORE_KIB);
            }
        }
        System.out.println(client.answers() + " answers, " + (Residence.kib(starling) - before) + " KiB more");

        client.finish();
        starling.terminate();
        assertThat(starling.exit()).isZero();
        assertThat(starling.err()).doesNotContain("Exception", "OutOfMemory", "[error]", "[critical]");
    }

    // ---- what is done -----------------------------------------------------------------------------------------------

    private void meet(Deed deed) throws Exception {
        long failures = starling.stat("cluster.one.update_failure");
        switch (deed) {
            case UPDATE -> update();
            case MANY_UPDATES -> {
                allowBoth();
                for (int i = 0; i < UPDATES; i++) {
                    plane.set(offered.moved(offered.anyCluster()));
                }
            }
            case HUGE_UPDATE -> {
                allowBoth();
                plane.set(offered.turned(HUGE_BYTES));
                awaitTaken();
                plane.set(offered.turned(0));
            }
            case REFUSED_UPDATE -> refuse();
            case UNDECODABLE_RESPONSE -> {
                plane.sendRubbish();
                reconnected(() -> awaitMore("cluster.one.update_failure", failures));
                update();
            }
            case FROZEN -> {
                plane.freeze();
                update();
                if (random.nextBoolean()) {
                    reconnected(() -> {
                        awaitMore("cluster.one.update_failure", failures);
                        plane.thaw();
                    });
                } else {
                    client.awaitAnswers(100);
                    plane.thaw();
                }
            }
            case KILLED ->
                reconnected(() -> {
                    plane.kill();
                    awaitStat("control_plane.connected_state", 0);
                    awaitMore("cluster.one.update_failure", failures);
                    restart();
                });
            case RUBBISH_IN_ITS_PLACE ->
                reconnected(() -> {
                    plane.kill();
                    awaitMore("cluster.one.update_failure", failures);
                    long connections = starling.stat("cluster.plane.upstream_cx_total");
                    try (var rubbish = new WireServer(plane.port(), rubbish())) {
                        awaitMore("cluster.plane.upstream_cx_total", connections + 2);
                        awaitMore("cluster.one.update_failure", failures + 2);
                        assertThat(rubbish.port()).isEqualTo(plane.port());
                    }
                    restart();
                });
        }
        converge();
    }

    private void allowBoth() {
        client.allow(good.stream().map(Upstream::name).collect(Collectors.toSet()));
    }

    private void converge() throws IOException {
        awaitTaken();
        await("endpoints after " + history)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(starling.admin("/clusters")).contains(offered.shown()));
        client.allow(Set.of(offered.answer()));
        client.awaitAnswers(20);
        awaitStat("control_plane.connected_state", 1);
    }

    private void awaitTaken() throws IOException {
        plane.set(offered.newState());
        client.awaitAnswer(offered.state(), offered.answer());
    }

    private interface Action {
        void run() throws Exception;
    }

    /** Returns when a new stream has brought something. */
    private void reconnected(Action after) throws Exception {
        long before = starling.stat("cluster_manager.cds.update_success");
        after.run();
        awaitMore("cluster_manager.cds.update_success", before);
    }

    private void update() throws IOException {
        allowBoth();
        set(offered.change());
    }

    private void set(List<Resource> resources) throws IOException {
        for (Resource each : resources) {
            plane.set(each);
        }
    }

    private void refuse() throws IOException {
        String cluster = offered.anyCluster();
        switch (random.nextInt(3)) {
            case 0 -> {
                refuse("cluster_manager.cds.", OfferedResources.badCluster(cluster));
                set(offered.changed(cluster));
            }
            case 1 -> {
                refuse("cluster." + cluster + ".", OfferedResources.badEndpoints(cluster, bad));
                allowBoth();
                plane.set(offered.moved(cluster));
            }
            default -> {
                refuse("http.ingress.rds.routes.", offered.badRoutes());
                allowBoth();
                plane.set(offered.routes(cluster));
            }
        }
    }

    private void refuse(String scope, Resource resource) throws IOException {
        long before = starling.stat(scope + "update_rejected");
        plane.set(resource);
        awaitMore(scope + "update_rejected", before);
        client.awaitAnswers(20);
        awaitStat("control_plane.connected_state", 1);
    }

    /** Where it was, with what has changed meanwhile. */
    private void restart() throws IOException {
        allowBoth();
        offered.change();
        plane = MortalPlane.start(plane.port(), offered.all());
    }

    /** No HTTP/2, or no frames of it after its first, or no gRPC on a stream of it. */
    private WireServer.Script rubbish() {
        byte[] bytes = new byte[1 + random.nextInt(MAX_RUBBISH_BYTES)];
        random.nextBytes(bytes);
        byte[] start = switch (random.nextInt(3)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0};
            default -> {
                // DATA of stream 1: a message of 4 GiB
                yield new byte[] {
                    0,
                    0,
                    0,
                    4,
                    0,
                    0,
                    0,
                    0,
                    0, //
                    0,
                    0,
                    1,
                    1,
                    4,
                    0,
                    0,
                    0,
                    1,
                    (byte) 0x88, //
                    0,
                    0,
                    5,
                    0,
                    0,
                    0,
                    0,
                    0,
                    1,
                    0,
                    -1,
                    -1,
                    -1,
                    -1
                };
            }
        };
        history.add("after " + start.length + " bytes " + bytes.length);
        return wire -> {
            wire.send(start).send(bytes);
            wire.rest();
        };
    }

    // ---- what it says -----------------------------------------------------------------------------------------------

    private void awaitMore(String stat, long before) {
        await(stat + " after " + history)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> client.isAsking() && starling.stat(stat) > before);
    }

    private void awaitStat(String stat, long value) {
        await(stat + " after " + history)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> client.isAsking() && starling.stat(stat) == value);
    }
}
