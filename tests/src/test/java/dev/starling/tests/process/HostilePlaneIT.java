package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.starling.tests.xds.OwnPlane;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real process and a control plane that sends too much, or rubbish, while requests go on. A minute of the flood with
 * {@code -Dstarling.xds.flood.seconds=60 -Dstarling.tests.jvm=-Xmx4g}: what is not yet taken waits in the control plane here.
 */
@Timeout(1200)
class HostilePlaneIT {

    private static final int SECONDS = Integer.getInteger("starling.xds.flood.seconds", 3);
    private static final int UPDATES_PER_SECOND = 10_000;
    private static final int PER_MILLI = UPDATES_PER_SECOND / 1000;
    private static final int MIB = 1024 * 1024;
    private static final String FIRST = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nfirst";
    private static final String LAST = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlast";

    private static final String DISCOVERED = """
                type: EDS
                eds_cluster_config: {eds_config: {ads: {}, resource_api_version: V3}}
            """;

    private static String endpoint(int port) {
        return """
                    load_assignment: {cluster_name: traffic, endpoints: [{lb_endpoints: [{endpoint: {
                      address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
                """.formatted(port);
    }

    @TempDir
    Path folder;

    /** @param traffic how the endpoints of all requests are found */
    private StarlingProcess start(int planePort, String traffic, String... jvmFlags) throws Exception {
        String bootstrap =
                Bootstraps.http(planePort).replace("cluster: up}", "cluster: traffic}") + """
                    http2_protocol_options: {}
                  - name: traffic
                """ + traffic + """
                dynamic_resources:
                  cds_config: {ads: {}, resource_api_version: V3, initial_fetch_timeout: 0.2s}
                  ads_config:
                    api_type: DELTA_GRPC
                    transport_api_version: V3
                    grpc_services: [{envoy_grpc: {cluster_name: up}}]
                node: {id: test-id, cluster: test-cluster}
                """;
        return StarlingProcess.serve(folder, List.of(jvmFlags), bootstrap);
    }

    /** @param weight by which one update differs from another */
    private static ClusterLoadAssignment endpoint(int port, int weight, String name) {
        var assignment = ClusterLoadAssignment.newBuilder().setClusterName("traffic");
        var endpoint = assignment.addEndpointsBuilder().addLbEndpointsBuilder();
        endpoint.getLoadBalancingWeightBuilder().setValue(weight);
        endpoint.getEndpointBuilder()
                .setHostname(name)
                .getAddressBuilder()
                .getSocketAddressBuilder()
                .setAddress("127.0.0.1")
                .setPortValue(port);
        return assignment.build();
    }

    /** Sends requests until it is told to stop; how many there were. None may fail. */
    private static CompletableFuture<Integer> requests(InetSocketAddress listener, AtomicBoolean over) {
        return CompletableFuture.supplyAsync(() -> {
            try (var wire = Wire.connect(listener)) {
                int count = 0;
                for (; !over.get(); count++) {
                    assertThat(wire.get("/").response()).startsWith("HTTP/1.1 200");
                }
                return count;
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        });
    }

    private static void awaitAnswer(StarlingProcess starling, String end) {
        await().atMost(Duration.ofSeconds(120 + 10L * SECONDS)) // what is sent waits at the control plane
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> {
                    try (var wire = Wire.connect(starling.listener("in"))) {
                        assertThat(wire.get("/").response()).endsWith(end);
                    }
                });
    }

    private static void flood(OwnPlane plane, int port) throws InterruptedException {
        var over = new CountDownLatch(SECONDS * 1000);
        try (var clock = Executors.newSingleThreadScheduledExecutor()) {
            clock.scheduleAtFixedRate(
                    () -> {
                        for (int i = 0; i < PER_MILLI; i++) {
                            plane.set("traffic", endpoint(port, 2 + i + (int) over.getCount() % 90, "a"));
                        }
                        over.countDown();
                    },
                    0,
                    1,
                    TimeUnit.MILLISECONDS);
            over.await();
            clock.shutdownNow();
        }
    }

    @Test
    void tenThousandUpdatesASecondAreTakenInBoundedMemoryWithoutAFailure() throws Exception {
        try (var plane = OwnPlane.start();
                var first = WireServer.answering(FIRST);
                var last = WireServer.answering(LAST)) {
            plane.set("traffic", endpoint(first.port(), 1, "a"));
            try (var starling = start(plane.port(), DISCOVERED, "-Xmx64m", "-XX:MaxDirectMemorySize=64m")) {
                awaitAnswer(starling, "first");
                var over = new AtomicBoolean();
                var requests = requests(starling.listener("in"), over);
                long before = Residence.kib(starling);
                long begin = System.nanoTime();

                flood(plane, first.port());
                plane.set("traffic", endpoint(last.port(), 1, "a"));
                long sent = System.nanoTime();
                long taken = starling.stat("cluster.traffic.update_success");
                awaitAnswer(starling, "last");

                long converged = System.nanoTime();
                int answers = stop(requests, over);
                long more = Residence.kib(starling) - before;
                System.out.printf(
                        "%d updates in %.1f s, %d of them taken by then, all %.1f s later; %d answers; %d KiB more%n",
                        SECONDS * UPDATES_PER_SECOND,
                        (sent - begin) / 1e9,
                        taken,
                        (converged - sent) / 1e9,
                        answers,
                        more);
                assertThat(answers).isPositive();
                assertThat(more).as("KiB more").isLessThan(192 * 1024);
            }
        }
    }

    @Test
    void whatIsHugeIsTakenAndWhatIsTooLargeEndsTheStreamOnly() throws Exception {
        try (var plane = OwnPlane.start();
                var first = WireServer.answering(FIRST);
                var last = WireServer.answering(LAST)) {
            plane.set("traffic", endpoint(first.port(), 1, "a"));
            try (var starling = start(plane.port(), DISCOVERED)) {
                awaitAnswer(starling, "first");
                var over = new AtomicBoolean();
                var requests = requests(starling.listener("in"), over);

                plane.set("traffic", endpoint(last.port(), 1, "a".repeat(32 * MIB)));
                awaitAnswer(starling, "last");

                plane.set("traffic", endpoint(first.port(), 1, "a".repeat(65 * MIB)));
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(starling.stat("cluster.traffic.update_failure"))
                                .isPositive());
                awaitAnswer(starling, "last");

                plane.set("traffic", endpoint(first.port(), 1, "a"));
                awaitAnswer(starling, "first");
                assertThat(stop(requests, over)).isPositive();
            }
        }
    }

    @Test
    void whoSpeaksNoHttp2IsTriedAgainAndHoldsUpNobody() throws Exception {
        try (var plane = WireServer.answering("HTTP/1.1 200 OK\r\n\r\n" + "\u0000\u00ff".repeat(1000));
                var first = WireServer.answering(FIRST);
                var starling = start(plane.port(), endpoint(first.port()))) {
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(starling.stat("cluster.up.upstream_cx_protocol_error"))
                            .isGreaterThan(1));
            awaitAnswer(starling, "first");
        }
    }

    private static int stop(CompletableFuture<Integer> requests, AtomicBoolean over)
            throws ExecutionException, InterruptedException {
        over.set(true);
        return requests.get();
    }
}
