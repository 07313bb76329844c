package dev.starling.tests.envoy;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/**
 * The real Envoy and Starling on one bootstrap: what client and upstream see of upgrades and CONNECTs, access logs and
 * statistics are the same, but for what {@link KnownDifferences} lists. Left out, with a line that says so, where there is no
 * Envoy.
 */
@Timeout(400)
class TunnelSameAsEnvoyIT extends CaseComparison<ServerSocket, TcpCase> {

    TunnelSameAsEnvoyIT() {
        super("tunnel-bootstrap.yaml");
    }

    @Override
    ServerSocket openUpstream() throws IOException {
        return TcpStage.upstream();
    }

    @Override
    Map<String, ?> values() {
        return Map.of("upstream", upstream.getLocalPort());
    }

    @Override
    List<TcpCase> cases() {
        return TunnelCases.all();
    }

    @Override
    boolean differs(TcpCase each) {
        return KnownDifferences.TUNNEL_CASES.containsKey(each.name());
    }

    @Override
    String told(TcpCase each, ProxyProcess proxy) throws IOException {
        return TcpTranscript.of(each, proxy, upstream, TunnelSameAsEnvoyIT::compares)
                .toString();
    }

    /** Envoy counts a connection that ends with an early answer as one with an active request. */
    private static boolean compares(String statistic) {
        return KnownDifferences.compares(statistic) && !statistic.endsWith("upstream_cx_destroy_with_active_rq");
    }
}
