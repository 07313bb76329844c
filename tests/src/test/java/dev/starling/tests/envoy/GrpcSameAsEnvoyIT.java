package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The real Envoy and Starling do the same about gRPC: replies, deadlines, logs, filters and statistics. Over HTTP/1.1 with
 * trailers, where every byte can be compared.
 */
class GrpcSameAsEnvoyIT extends ExchangeComparison {

    /** Whether the upstream is asked before the body is found wrong is up to who is faster. */
    private static final Set<String> RACES =
            Set.of("web: text, truncated", "web: text, not base64", "web: text, padding within");

    /** Whether an answer has come to its end when it is given up. */
    private static final String GIVEN_UP = "cluster.up.upstream_cx_destroy_with_active_rq";

    GrpcSameAsEnvoyIT() {
        super("grpc-bootstrap.yaml", true, listeners(), KnownDifferences.GRPC_CASES);
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

    private static List<OptionListener> listeners() {
        return Stream.of(GrpcReplyOptions.listeners(), GrpcTimeoutOptions.listeners(), GrpcFilterOptions.listeners())
                .flatMap(List::stream)
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
