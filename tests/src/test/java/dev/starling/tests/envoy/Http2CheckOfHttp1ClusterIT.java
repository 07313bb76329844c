package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Health checks in HTTP/2 of a cluster whose requests are HTTP/1.1 work where the endpoint knows both, and fail where it does
 * not; Starling warns of them. The same in the real Envoy, where there is one.
 */
@Timeout(120)
class Http2CheckOfHttp1ClusterIT {

    private static final String ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\none";

    @TempDir
    Path folder;

    private final Queue<String> checks = new ConcurrentLinkedQueue<>();

    /** What a connection begins with tells its protocol: a request, or the preface. */
    private void serve(Socket socket, boolean both) throws IOException {
        String first = new String(socket.getInputStream().readNBytes(Http2Peer.PREFACE.length()), ISO_8859_1);
        if (!first.startsWith("PRI ")) {
            socket.getOutputStream().write(ANSWER.getBytes(ISO_8859_1));
            socket.getInputStream().readAllBytes();
        } else if (both) {
            Http2Wire wire = new Http2Wire(socket);
            wire.allowStreams(100);
            for (Optional<Http2Wire.Frame> next = wire.next(); next.isPresent(); next = wire.next()) {
                if (next.get().type() == Http2Peer.HEADERS) {
                    checks.add(next.get().text());
                    wire.headers(next.get().stream(), true, ":status: 200");
                }
            }
        } else {
            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(ISO_8859_1));
        }
    }

    @Test
    void worksWhereTheEndpointKnowsBothAndIsWarnedOf() throws IOException {
        try (SocketServer both = new SocketServer(socket -> serve(socket, true));
                SocketServer old = new SocketServer(socket -> serve(socket, false))) {
            String bootstrap = BothProxies.resource("http2-check.yaml")
                    .replace("{both}", Integer.toString(both.port()))
                    .replace("{old}", Integer.toString(old.port()));
            try (ProxyProcess starling = ProxyProcess.starling(folder.resolve("starling"), bootstrap)) {
                assertChecks(starling);
                assertThat(String.join("\n", starling.lines("log")))
                        .contains("static_resources.clusters[0].health_checks[0].http_health_check.codec_client_type: "
                                + "health checks are spoken in HTTP/2");
            }
            Optional<Path> envoy = EnvoyBinary.find();
            if (envoy.isPresent()) {
                checks.clear();
                try (ProxyProcess theirs = ProxyProcess.envoy(envoy.get(), folder.resolve("envoy"), bootstrap)) {
                    assertChecks(theirs);
                }
            }
        }
    }

    private void assertChecks(ProxyProcess proxy) throws IOException {
        for (String stat : List.of("cluster.both.health_check.success", "cluster.old.health_check.failure")) {
            Awaitility.await(stat)
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> proxy.stats().containsKey(stat));
        }

        assertThat(proxy.status("web", "host: a")).isEqualTo("HTTP/1.1 200 OK");
        assertThat(checks.peek()).contains(":path: /check");
        assertThat(proxy.exchange("web", "GET /old HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 503 ")
                .endsWith("no healthy upstream");
        assertThat(proxy.stats()).doesNotContainKeys("cluster.both.health_check.failure");
    }
}
