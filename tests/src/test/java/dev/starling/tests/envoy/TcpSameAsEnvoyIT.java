package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The real Envoy and Starling on one bootstrap: bytes and ends that client and upstream see, access logs and statistics
 * are the same, but for what {@link KnownDifferences} lists. Left out, with a line that says so, where there is no Envoy.
 */
@Timeout(300)
class TcpSameAsEnvoyIT extends CaseComparison<ServerSocket, TcpCase> {

    private static final int WEIGHED = 80;

    private final HangingServer hanging = new HangingServer();

    TcpSameAsEnvoyIT() throws IOException {
        super("tcp-bootstrap.yaml");
    }

    @Override
    ServerSocket openUpstream() throws IOException {
        return TcpStage.upstream();
    }

    @Override
    Map<String, ?> values() {
        return Map.of("upstream", upstream.getLocalPort(), "hanging", hanging.port());
    }

    @AfterAll
    void stopHanging() throws IOException {
        hanging.close();
    }

    @Override
    List<TcpCase> cases() {
        return TcpCases.all();
    }

    @Override
    boolean differs(TcpCase each) {
        return KnownDifferences.TCP_CASES.containsKey(each.name());
    }

    @Override
    String told(TcpCase each, ProxyProcess proxy) throws IOException {
        return TcpTranscript.of(each, proxy, upstream).toString();
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
}
