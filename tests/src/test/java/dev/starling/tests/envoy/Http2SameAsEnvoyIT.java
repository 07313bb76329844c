package dev.starling.tests.envoy;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;

/**
 * The real Envoy and Starling on one bootstrap, with a client that writes its own frames: frames to the client, bytes to
 * the upstream, access log and statistics are the same, but for what {@link Http2Differences} lists. Left out, with a line
 * that says so, where there is no Envoy.
 */
@Timeout(300)
class Http2SameAsEnvoyIT extends CaseComparison<ServerSocket, Http2Case> {

    Http2SameAsEnvoyIT() {
        super("http2-bootstrap.yaml");
    }

    @Override
    ServerSocket openUpstream() throws IOException {
        return TcpStage.upstream();
    }

    @Override
    Map<String, ?> values() {
        String listeners = Http2Listeners.all().stream()
                .map(Http2Listener::yaml)
                .collect(Collectors.joining())
                .indent(4);
        return Map.of("upstream", upstream.getLocalPort(), "options", listeners);
    }

    @Override
    List<Http2Case> cases() {
        return Http2Listeners.cases();
    }

    @Override
    boolean differs(Http2Case each) {
        return Http2Differences.CASES.containsKey(each.name());
    }

    @Override
    String told(Http2Case each, ProxyProcess proxy) throws IOException {
        return Http2Transcript.of(each, proxy, upstream).toString();
    }
}
