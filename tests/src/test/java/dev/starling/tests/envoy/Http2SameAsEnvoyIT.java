package dev.starling.tests.envoy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real Envoy and Starling on one bootstrap, with a client that writes its own frames: frames to the client, bytes to
 * the upstream, access log and statistics are the same, but for what {@link Http2Differences} lists. Left out, with a line
 * that says so, where there is no Envoy.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2SameAsEnvoyIT {

    @TempDir
    static Path folder;

    private ServerSocket upstream;
    private BothProxies proxies;

    @BeforeAll
    void start() throws IOException {
        Path envoy = BothProxies.requireEnvoy(Http2SameAsEnvoyIT.class);
        upstream = TcpStage.upstream();
        proxies = BothProxies.start(envoy, folder, "http2-bootstrap.yaml", values(upstream));
    }

    static Map<String, Object> values(ServerSocket upstream) {
        String listeners = Http2Listeners.all().stream()
                .map(Http2Listener::yaml)
                .collect(Collectors.joining())
                .indent(4);
        return Map.of("upstream", upstream.getLocalPort(), "options", listeners);
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
    void doesTheSame(Http2Case each) throws IOException {
        proxies.assertAlike(proxy -> told(each, proxy));
    }

    @Test
    void differsWhereItMeansTo() throws IOException {
        for (Http2Case each : Http2Listeners.cases()) {
            if (Http2Differences.CASES.containsKey(each.name())) {
                proxies.assertDifferent(each.name(), proxy -> told(each, proxy));
            }
        }
    }

    private String told(Http2Case each, ProxyProcess proxy) throws IOException {
        return Http2Transcript.of(each, proxy, upstream).toString();
    }

    static List<Http2Case> alike() {
        return Http2Listeners.cases().stream()
                .filter(each -> !Http2Differences.CASES.containsKey(each.name()))
                .toList();
    }
}
