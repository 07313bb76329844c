package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

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
 * The real Envoy and Starling on one bootstrap: bytes and ends that client and upstream see, access logs and statistics
 * are the same, but for what {@link KnownDifferences} lists. Left out, with a line that says so, where there is no Envoy.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TcpSameAsEnvoyIT {

    private static final int WEIGHED = 80;

    @TempDir
    static Path folder;

    private ServerSocket upstream;
    private HangingServer hanging;
    private BothProxies proxies;

    @BeforeAll
    void start() throws IOException {
        Path envoy = BothProxies.requireEnvoy(TcpSameAsEnvoyIT.class);
        upstream = TcpStage.upstream();
        hanging = new HangingServer();
        proxies = BothProxies.start(
                envoy,
                folder,
                "tcp-bootstrap.yaml",
                Map.of("upstream", upstream.getLocalPort(), "hanging", hanging.port()));
    }

    @AfterAll
    void stop() throws IOException {
        if (upstream != null) {
            upstream.close();
        }
        if (hanging != null) {
            hanging.close();
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
        for (TcpCase each : TcpCases.all()) {
            if (KnownDifferences.TCP_CASES.containsKey(each.name())) {
                proxies.assertDifferent(each.name(), proxy -> told(each, proxy));
            }
        }
    }

    /** By chance, so not one by one: three of four go to the heavy one, give or take what chance may. */
    @Test
    void weighsClusters() throws IOException {
        for (ProxyProcess proxy : List.of(proxies.envoy(), proxies.starling())) {
            for (int i = 0; i < WEIGHED; i++) {
                try (TcpStage stage = new TcpStage(proxy, "weighted", upstream)) {
                    TcpPeer client = stage.client().send("x");
                    stage.accept().get(1);
                    client.leave();
                }
            }
            long light = proxy.stats().getOrDefault("cluster.light.upstream_cx_total", 0L);
            long heavy = proxy.stats().getOrDefault("cluster.heavy.upstream_cx_total", 0L);
            assertThat(light + heavy).isEqualTo(WEIGHED);
            assertThat(light).isBetween(5L, 38L);
        }
    }

    private String told(TcpCase each, ProxyProcess proxy) throws IOException {
        return TcpTranscript.of(each, proxy, upstream).toString();
    }

    static List<TcpCase> alike() {
        return TcpCases.all().stream()
                .filter(each -> !KnownDifferences.TCP_CASES.containsKey(each.name()))
                .toList();
    }
}
