package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real Envoy and Starling do the same about gRPC: replies, deadlines, logs, filters and statistics. Over HTTP/1.1 with
 * trailers, where every byte can be compared.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GrpcSameAsEnvoyIT {

    /** Whether the upstream is asked before the body is found wrong is up to who is faster. */
    private static final Set<String> RACES =
            Set.of("web: text, truncated", "web: text, not base64", "web: text, padding within");

    /** Whether an answer has come to its end when it is given up. */
    private static final String GIVEN_UP = "cluster.up.upstream_cx_destroy_with_active_rq";

    @TempDir
    static Path folder;

    private ScriptedUpstream upstream;
    private BothProxies proxies;

    @BeforeAll
    void start() throws IOException {
        Path binary = BothProxies.requireEnvoy(GrpcSameAsEnvoyIT.class);
        upstream = new ScriptedUpstream(true);
        String yaml = listeners()
                .map(OptionListener::yaml)
                .collect(Collectors.joining())
                .indent(4);
        proxies = BothProxies.start(
                binary, folder, "grpc-bootstrap.yaml", Map.of("upstream", upstream.port(), "options", yaml));
    }

    @AfterAll
    void stop() throws IOException {
        if (proxies != null) {
            proxies.close();
        }
        if (upstream != null) {
            upstream.close();
        }
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("alike")
    void doesTheSame(ExchangeCase each) throws IOException {
        proxies.assertAlike(proxy -> told(each, proxy));
    }

    @Order(2)
    @Test
    void countsTheSame() throws IOException {
        proxies.envoy().post("/reset_counters");
        proxies.starling().post("/reset_counters");
        for (ExchangeCase each : alike()) {
            if (!RACES.contains(each.name())) {
                told(each, proxies.envoy());
                told(each, proxies.starling());
            }
        }
        assertThat(counted(proxies.starling())).isEqualTo(counted(proxies.envoy()));
    }

    @Order(3)
    @Test
    void differsWhereItMeansTo() throws IOException {
        for (ExchangeCase each : all()) {
            if (KnownDifferences.GRPC_CASES.containsKey(each.name())) {
                assertThat(told(each, proxies.starling())).as(each.name()).isNotEqualTo(told(each, proxies.envoy()));
            }
        }
    }

    private String told(ExchangeCase each, ProxyProcess proxy) throws IOException {
        return Transcript.of(each, proxy, upstream).toString();
    }

    private static Stream<OptionListener> listeners() {
        return Stream.of(GrpcReplyOptions.listeners(), GrpcTimeoutOptions.listeners(), GrpcFilterOptions.listeners())
                .flatMap(List::stream);
    }

    private static List<ExchangeCase> all() {
        return listeners().flatMap(listener -> listener.cases().stream()).toList();
    }

    static List<ExchangeCase> alike() {
        return all().stream()
                .filter(each -> !KnownDifferences.GRPC_CASES.containsKey(each.name()))
                .toList();
    }

    private static String counted(ProxyProcess proxy) throws IOException {
        return proxy.stats().entrySet().stream()
                .filter(each -> each.getKey().startsWith("cluster.") && KnownDifferences.compares(each.getKey()))
                .filter(each -> !each.getKey().equals(GIVEN_UP))
                .map(each -> each.getKey() + ": " + each.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
