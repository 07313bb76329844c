package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.Http2Case.OK;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real Envoy and Starling when their listeners are drained: what clients of HTTP/2 are told, in two steps. Each case
 * has processes of its own, for there is no way back. Left out, with a line that says so, where there is no Envoy.
 */
@Timeout(120)
class DrainSameAsEnvoyIT {

    private static final String GRACEFUL = "/drain_listeners?graceful";

    @TempDir
    Path folder;

    static List<Http2Case> cases() {
        return listener().cases();
    }

    private static Http2Listener listener() {
        return new Http2Listener("draining", "drain_timeout: 0.1s")
                .add("a request behind it", stage -> {
                    Http2Peer client = stage.client().get(1, "/direct").until(1);
                    stage.proxy().post(GRACEFUL);
                    client.settle(300).get(3, "/direct").until(3).untilEnd();
                })
                .add("requests at work", stage -> {
                    Http2Peer client = stage.client().get(1, "/up").get(3, "/up");
                    Http2Upstream first = stage.accept().head();
                    Http2Upstream second = stage.accept().head();
                    stage.proxy().post(GRACEFUL);
                    client.settle(300);
                    first.send(OK);
                    client.until(1).untilGoAways(2);
                    second.send(OK);
                    client.until(3).untilEnd();
                })
                .add("nothing sent", stage -> {
                    Http2Peer client = stage.client().get(1, "/direct").until(1);
                    stage.proxy().post(GRACEFUL);
                    client.settle(300).sync();
                })
                .add("a connection behind it", stage -> {
                    stage.proxy().post(GRACEFUL);
                    stage.client().get(1, "/direct").until(1).untilEnd();
                })
                .add("at once", stage -> {
                    Http2Peer client = stage.client().get(1, "/direct").until(1);
                    stage.proxy().post("/drain_listeners");
                    client.settle(300).get(3, "/direct").until(3).settle(300);
                });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void drainsTheSame(Http2Case each) throws IOException {
        Path envoy = EnvoyBinary.require(DrainSameAsEnvoyIT.class);
        try (ServerSocket upstream = TcpStage.upstream();
                BothProxies proxies = BothProxies.start(
                        envoy,
                        folder,
                        "http2-bootstrap.yaml",
                        Map.of(
                                "upstream",
                                upstream.getLocalPort(),
                                "options",
                                listener().yaml().indent(4)))) {
            String theirs = Http2Transcript.of(each, proxies.envoy(), upstream).toString();
            assertThat(Http2Transcript.of(each, proxies.starling(), upstream)).hasToString(theirs);
        }
    }
}
