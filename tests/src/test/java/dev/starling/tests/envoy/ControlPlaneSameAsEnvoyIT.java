package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.starling.tests.xds.RestPlane;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What control planes are asked: by the real Envoy and by Starling, header by header. */
@Timeout(180)
class ControlPlaneSameAsEnvoyIT {

    private static final String ADMIN = "admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}\n";

    @TempDir
    Path folder;

    private Path envoy;

    @BeforeEach
    void find() {
        envoy = EnvoyBinary.require(getClass());
    }

    private interface Start {
        ProxyProcess with(String bootstrap) throws IOException;
    }

    private ProxyProcess envoy(String bootstrap) throws IOException {
        return ProxyProcess.envoy(envoy, folder.resolve("envoy"), bootstrap + ADMIN);
    }

    private ProxyProcess starling(String bootstrap) throws IOException {
        return ProxyProcess.starling(folder.resolve("starling"), bootstrap + ADMIN);
    }

    private static Set<String> untilThereAre(int count, Supplier<? extends Collection<String>> asked) {
        Awaitility.await("questions")
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> asked.get().size() >= count);
        return new TreeSet<>(asked.get());
    }

    // ---- over HTTP ------------------------------------------------------------------------------------------------

    @Test
    void asksForResourcesOverHttpInTheSameWords() throws IOException {
        Set<String> theirs = questions(this::envoy);

        assertThat(questions(this::starling)).isEqualTo(theirs);
        assertThat(theirs).hasSize(8).anyMatch(question -> question.contains("X-envoy-expected-rq-timeout-ms=1000"));
    }

    /** Each type before there is an answer, and after. */
    private static Set<String> questions(Start start) throws IOException {
        try (var plane = new RestPlane()) {
            plane.serve(1);
            try (var _ = start.with(RestPlane.bootstrap(plane.port()))) {
                return untilThereAre(8, plane::asked);
            }
        }
    }

    // ---- gRPC -----------------------------------------------------------------------------------------------------

    @Test
    void opensStreamsWithTheSameHeaders() throws IOException {
        Set<String> theirs = heads(this::envoy);

        assertThat(heads(this::starling)).isEqualTo(theirs);
        assertThat(theirs).anyMatch(head -> head.contains("X-envoy-internal=[true]"));
    }

    /** In HTTP/1.1, which both speak with a cluster that says nothing else, as it can be read here. */
    private static Set<String> heads(Start start) throws IOException {
        Set<String> heads = new ConcurrentSkipListSet<>();
        HttpServer plane = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        plane.createContext("/", exchange -> {
            heads.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new TreeMap<>(exchange.getRequestHeaders()));
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        plane.start();
        try (var _ = start.with(streams(plane.getAddress().getPort()))) {
            return untilThereAre(2, () -> heads);
        } finally {
            plane.stop(0);
        }
    }

    private static String streams(int port) {
        return """
                node: {id: test-id, cluster: test-cluster}
                dynamic_resources:
                  cds_config:
                    resource_api_version: V3
                    initial_fetch_timeout: 0.5s
                    api_config_source:
                      api_type: GRPC
                      transport_api_version: V3
                      grpc_services: [{envoy_grpc: {cluster_name: plane}, timeout: 3s}]
                  lds_config:
                    resource_api_version: V3
                    initial_fetch_timeout: 0.5s
                    api_config_source:
                      api_type: DELTA_GRPC
                      transport_api_version: V3
                      grpc_services:
                      - envoy_grpc: {cluster_name: plane, authority: planes.example, skip_envoy_headers: true}
                        initial_metadata:
                        - {key: X-Token, value: "%%ENVIRONMENT(HOME)%%"}
                        - {key: x-bin, value: why}
                        - {key: twice, value: one}
                        - {key: twice, value: two}
                        - {key: te, value: other}
                static_resources:
                  clusters:
                  - name: plane
                    connect_timeout: 1s
                    load_assignment:
                      cluster_name: plane
                      endpoints:
                      - lb_endpoints:
                        - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
                """.formatted(port);
    }
}
