package dev.starling.tests.envoy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real Envoy and Starling on one bootstrap: what client and upstream see of upgrades and CONNECTs, access logs and
 * statistics are the same, but for what {@link KnownDifferences} lists. Left out, with a line that says so, where there is no
 * Envoy.
 */
@Timeout(400)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TunnelSameAsEnvoyIT {

    @TempDir
    static Path folder;

    private ServerSocket upstream;
    private BothProxies proxies;

    @BeforeAll
    void start() throws IOException {
        Path envoy = BothProxies.requireEnvoy(TunnelSameAsEnvoyIT.class);
        upstream = TcpStage.upstream();
        proxies =
                BothProxies.start(envoy, folder, "tunnel-bootstrap.yaml", Map.of("upstream", upstream.getLocalPort()));
    }

    @AfterAll
    void stop() throws IOException {
        if (upstream != null) {
            upstream.close();
        }
        if (proxies != null) {
            proxies.close();
        }
    }

    @ParameterizedTest
    @MethodSource("alike")
    void doesTheSame(TcpCase each) throws IOException {
        proxies.assertAlike(proxy -> told(each, proxy));
    }

    @Test
    void differsWhereItMeansTo() throws IOException {
        for (TcpCase each : TunnelCases.all()) {
            if (KnownDifferences.TUNNEL_CASES.containsKey(each.name())) {
                proxies.assertDifferent(each.name(), proxy -> told(each, proxy));
            }
        }
    }

    private String told(TcpCase each, ProxyProcess proxy) throws IOException {
        return TcpTranscript.of(each, proxy, upstream, TunnelSameAsEnvoyIT::compares)
                .toString();
    }

    /** Envoy counts a connection that ends with an early answer as one with an active request. */
    private static boolean compares(String statistic) {
        return KnownDifferences.compares(statistic) && !statistic.endsWith("upstream_cx_destroy_with_active_rq");
    }

    static List<TcpCase> alike() {
        return TunnelCases.all().stream()
                .filter(each -> !KnownDifferences.TUNNEL_CASES.containsKey(each.name()))
                .toList();
    }
}
