package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.accesslog.FormatString;
import dev.starling.config.cluster.HealthCheck;
import dev.starling.config.cluster.HealthCheck.Probe;
import dev.starling.healthcheck.active.ProbeResult;
import dev.starling.healthcheck.active.Prober;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.accesslog.FormatterFactory;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.LeakWatch;
import dev.starling.runtime.time.Clock;
import dev.starling.runtime.tls.EndpointSockets;
import dev.starling.runtime.upstream.probe.ClusterProber;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Health checks over HTTP/2, of HTTP and of gRPC, on connections of their own. */
@Timeout(60)
class Http2HealthCheckIT {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final LeakWatch leaks = LeakWatch.start();
    private final ProxyFixture proxy = ProxyFixture.start();
    private final List<Http2Peer.Frame> asked = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        proxy.close();
        assertThat(leaks.leaks()).isEmpty();
        leaks.close();
    }

    private static HealthCheck check(boolean reuse, Probe probe) {
        var intervals = new HealthCheck.Intervals(
                SECOND, Duration.ZERO, Duration.ZERO, 0, SECOND, SECOND, SECOND, SECOND, SECOND);
        return new HealthCheck(SECOND, intervals, 1, 1, reuse, Optional.empty(), probe);
    }

    private Prober.Probe prepare(RawUpstream upstream, HealthCheck check) {
        var formats = new FormatterFactory(Clock.SYSTEM, "test", Map.of());
        var prober = new ClusterProber(
                proxy.context().loops(),
                ProxyFixture.cluster("up"),
                EndpointSockets.RAW,
                (FormatString format) -> formats.headerValue(format),
                proxy.context().stats());
        Endpoint endpoint = ProxyFixture.endpoint(upstream.address());
        return prober.prepare(endpoint, check, "up");
    }

    private static ProbeResult ask(Prober.Probe probe) throws Exception {
        var result = new CompletableFuture<ProbeResult>();
        probe.start(result::complete);
        return result.get(20, TimeUnit.SECONDS);
    }

    /** What is done with the head of each request. */
    private interface Answering {
        void answer(Http2Peer peer, int stream) throws IOException;
    }

    private RawUpstream answering(Answering answering) throws IOException {
        return new RawUpstream(connection -> {
            Http2Peer peer = Http2Peer.begin(connection);
            for (Http2Peer.Frame frame = peer.next(); frame != null; frame = peer.next()) {
                if (frame.type() == Http2Peer.HEADERS || frame.type() == Http2Peer.DATA) {
                    asked.add(frame);
                    if (frame.ends()) {
                        answering.answer(peer, frame.stream());
                    }
                }
            }
        });
    }

    private static final Probe HTTP =
            new Probe.Http("", "/healthz", "GET", List.of(), List.of(), List.of(), List.of(), true);

    @Test
    void asksOverHttp2AndKeepsTheConnection() throws Exception {
        try (var upstream = answering((peer, stream) -> peer.headers(stream, true, ":status", "200"))) {
            Prober.Probe probe = prepare(upstream, check(true, HTTP));

            assertThat(ask(probe)).isEqualTo(new ProbeResult.Passed(false));
            assertThat(ask(probe)).isEqualTo(new ProbeResult.Passed(false));

            assertThat(upstream.connections()).isEqualTo(1);
            assertThat(asked.getFirst().fields()).contains(":path: /healthz\n", ":authority: up\n");
            probe.cancel();
        }
    }

    @Test
    void connectsAnewWhereConnectionsAreNotReused() throws Exception {
        try (var upstream = answering((peer, stream) -> peer.headers(stream, true, ":status", "503"))) {
            Prober.Probe probe = prepare(upstream, check(false, HTTP));

            assertThat(ask(probe)).isInstanceOf(ProbeResult.FailedResponse.class);
            assertThat(ask(probe)).isInstanceOf(ProbeResult.FailedResponse.class);

            assertThat(upstream.connections()).isEqualTo(2);
        }
    }

    @Test
    void connectsAnewAfterGoAway() throws Exception {
        try (var upstream =
                answering((peer, stream) -> peer.goAway(stream, 0).headers(stream, true, ":status", "200"))) {
            Prober.Probe probe = prepare(upstream, check(true, HTTP));

            assertThat(ask(probe)).isEqualTo(new ProbeResult.Passed(false));
            assertThat(ask(probe)).isEqualTo(new ProbeResult.Passed(false));

            assertThat(upstream.connections()).isEqualTo(2);
            probe.cancel();
        }
    }

    @Test
    void failsWhenTheStreamIsReset() throws Exception {
        try (var upstream = answering((peer, stream) -> peer.reset(stream, 7))) {
            Prober.Probe probe = prepare(upstream, check(true, new Probe.Grpc("", "", List.of())));

            assertThat(ask(probe)).isInstanceOf(ProbeResult.NetworkFailure.class);
            probe.cancel();
        }
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @CsvSource({
        "200, application/grpc,       00000000020801, 0,  passed",
        "200, application/grpc+proto, 00000000020801, 0,  passed",
        "200, application/grpc,       00000000020802, 0,  serving status 2",
        "200, application/grpc,       0000000000,     0,  serving status 0",
        "200, application/grpc,       '',             0,  serving status -1",
        "200, application/grpc,       01000000020801, 0,  serving status -1",
        "200, application/grpc,       00000000030801, 0,  serving status -1",
        "200, application/grpc,       000000000208ff, 0,  serving status -1",
        "200, application/grpc,       00000000020801, 14, grpc-status 14",
        "200, text/plain,             00000000020801, 0,  not an answer of gRPC",
        "503, application/grpc,       '',             0,  status 503"
    })
    void judgesAnswersOfGrpc(String status, String type, String body, String grpcStatus, String reason)
            throws Exception {
        byte[] bytes = HexFormat.of().parseHex(body);
        try (var upstream =
                answering((peer, stream) -> peer.headers(stream, false, ":status", status, "content-type", type)
                        .frame(Http2Peer.DATA, 0, stream, bytes)
                        .headers(stream, true, "grpc-status", grpcStatus))) {
            Prober.Probe probe = prepare(upstream, check(true, new Probe.Grpc("svc", "", List.of())));

            assertThat(ask(probe).reason()).isEqualTo(reason);
            assertThat(asked.getFirst().fields())
                    .contains(
                            ":method: POST\n",
                            ":path: /grpc.health.v1.Health/Check\n",
                            "te: trailers\n",
                            "grpc-timeout: 1000m\n",
                            "content-type: application/grpc\n");
            byte[] message = asked.get(1).payload();
            assertThat(Arrays.copyOf(message, 7)).containsExactly(0, 0, 0, 0, 5, 10, 3);
            assertThat(new String(message, 7, 3, StandardCharsets.US_ASCII)).isEqualTo("svc");
            probe.cancel();
        }
    }

    @Test
    void takesAnErrorWithoutABody() throws Exception {
        try (var upstream = answering((peer, stream) -> peer.headers(
                stream, true, ":status", "200", "content-type", "application/grpc", "grpc-status", "12"))) {
            Prober.Probe probe = prepare(upstream, check(true, new Probe.Grpc("", "", List.of())));

            assertThat(ask(probe).reason()).isEqualTo("grpc-status 12");
            probe.cancel();
        }
    }
}
