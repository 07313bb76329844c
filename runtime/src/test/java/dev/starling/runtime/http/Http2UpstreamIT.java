package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.ByteCount;
import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.config.http.Http2Options;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.http.Outcomes.Outcome;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.LeakWatch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/2 to an upstream that does frame by frame what the test says. */
@Timeout(60)
class Http2UpstreamIT {

    private final LeakWatch leaks = LeakWatch.start();
    private final Outcomes outcomes = new Outcomes();
    private ProxyFixture proxy;
    private InetSocketAddress address;
    private RawUpstream upstream;
    private @Nullable ClusterTraffic traffic;
    private volatile RawUpstream.Script script = _ -> {};

    @BeforeEach
    void start() throws Exception {
        proxy = ProxyFixture.start();
        var settings = HttpFixture.settingsWithTrailers(HttpFixture.routes(HttpFixture.route("/", "up")));
        address = proxy.listen(HttpFixture.connectionManager(settings, outcomes));
        upstream = new RawUpstream(connection -> script.serve(connection));
        publish(options(false), 0, CircuitBreakers.DEFAULT);
    }

    private static Http2Options options(boolean streamErrors) {
        Http2Options d = Http2Options.DEFAULT;
        return new Http2Options(
                d.headerTableBytes(),
                d.maxConcurrentStreams(),
                d.streamWindow(),
                d.connectionWindow(),
                false,
                streamErrors,
                d.floodLimits(),
                Optional.empty(),
                List.of());
    }

    private void publish(Http2Options http2, int requestsPerConnection, CircuitBreakers breakers) {
        var http = new UpstreamHttp(
                UpstreamHttp.Version.HTTP_2,
                Duration.ofHours(1),
                Optional.empty(),
                Optional.empty(),
                requestsPerConnection,
                100,
                Optional.empty(),
                false,
                http2,
                UpstreamHttp.AutoNames.NONE);
        traffic = proxy.publish(
                ProxyFixture.cluster("up", Duration.ofSeconds(5), ByteCount.mebibytes(1), breakers, http),
                OutlierMonitor.OFF,
                upstream.address());
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
        proxy.withdraw("up");
        proxy.eventually("no upstream connection is left", () -> proxy.gauge("cluster.up.upstream_cx_active") == 0);
        var breaker = Objects.requireNonNull(traffic).breaker(RoutingPriority.DEFAULT);
        assertThat(breaker.requests().count()).isZero();
        assertThat(breaker.connections().count()).isZero();
        assertThat(breaker.pendingRequests().count()).isZero();
        assertThat(proxy.gauge("cluster.up.upstream_rq_active")).isZero();
        assertThat(proxy.gauge("cluster.up.http2.streams_active")).isZero();
        proxy.close();
        assertThat(leaks.leaks()).isEmpty();
        leaks.close();
    }

    /** What is done with the head of each request. */
    private interface Answering {
        void answer(Http2Peer peer, Http2Peer.Frame head) throws IOException;
    }

    private void answering(Answering answering, int... settings) {
        script = connection -> {
            Http2Peer peer = Http2Peer.begin(connection, settings);
            for (Http2Peer.Frame head = peer.next(Http2Peer.HEADERS);
                    head != null;
                    head = peer.next(Http2Peer.HEADERS)) {
                answering.answer(peer, head);
            }
        };
    }

    private long counter(String name) {
        return proxy.counter("cluster.up." + name);
    }

    @Test
    void sendsTheRequestsOfManyClientsOverOneConnection() throws Exception {
        List<String> heads = Collections.synchronizedList(new ArrayList<>());
        answering((peer, head) -> {
            heads.add(head.fields());
            peer.ok(head.stream());
        });
        for (int client = 0; client < 5; client++) {
            try (var one = new RawClient(address)) {
                assertThat(one.send(
                                        "GET /a HTTP/1.1\r\nHost: test\r\nConnection: x-hop\r\nX-Hop: 1\r\nTE: trailers\r\n\r\n")
                                .readUntil("0\r\n\r\n"))
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .contains("2\r\nok\r\n");
            }
        }
        assertThat(upstream.connections()).isEqualTo(1);
        assertThat(heads)
                .hasSize(5)
                .allSatisfy(head -> assertThat(head)
                        .startsWith(":method: GET\n:scheme: http\n:path: /a\n:authority: test\n")
                        .doesNotContain("x-hop", "connection", "host:"));
        assertThat(counter("upstream_cx_http2_total")).isEqualTo(1);
        assertThat(counter("upstream_rq_total")).isEqualTo(5);
        assertThat(outcomes.next()).isEqualTo(new Outcome(200, "", "via_upstream"));
    }

    @Test
    void carriesBodiesAndTrailersBothWays() throws Exception {
        script = connection -> {
            Http2Peer peer = Http2Peer.begin(connection);
            Http2Peer.Frame head = peer.next(Http2Peer.HEADERS);
            while (head != null) {
                StringBuilder body = new StringBuilder();
                Http2Peer.Frame part = peer.next();
                while (part != null && part.type() != Http2Peer.HEADERS) {
                    body.append(new String(part.payload(), StandardCharsets.ISO_8859_1));
                    part = peer.next();
                }
                peer.headers(head.stream(), false, ":status", "200")
                        .data(head.stream(), body.toString(), false)
                        .headers(
                                head.stream(),
                                true,
                                "x-end",
                                part == null ? "" : part.fields().trim());
                head = peer.next(Http2Peer.HEADERS);
            }
        };
        try (var client = new RawClient(address)) {
            client.send("POST /a HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nhel\r\n2\r\nlo\r\n0\r\nx-last: 1\r\n\r\n");

            assertThat(client.readUntil("x-end: x-last: 1\r\n\r\n")).contains("hello");
        }
        try (var client = new Http2Client(address)) {
            client.settings().post(1, "/a").data(1, "hello", false).headers(1, true, "x-last", "2");

            Http2Client.Answer answer = client.ended(1);
            assertThat(answer.bytes).isEqualTo(5);
            assertThat(answer.trailers).isEqualTo("x-end: x-last: 2");
        }
        assertThat(upstream.connections()).isEqualTo(1);
    }

    /** As the real Envoy 1.40 was seen to do. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "rst 0,          503, UR,  before_response_started{remote_reset},                1 rx_reset",
        "rst 1,          502, UPE, before_response_started{protocol_error},              1 tx_reset",
        "rst 7,          503, UR,  before_response_started{remote_refused_stream_reset}, 1 none",
        "rst 8,          503, UR,  before_response_started{remote_reset},                1 rx_reset",
        "rst 10,         503, UR,  before_response_started{remote_error_with_CONNECT_request}, 1 none",
        "part rst 8,     200, UR,  after_response_started{remote_reset},                 1 rx_reset",
        "part rst 7,     200, UR,  after_response_started{remote_refused_stream_reset},  1 none",
        "no status,      502, UPE, before_response_started{protocol_error},              0 tx_reset",
        "bad status,     502, UPE, before_response_started{protocol_error},              0 tx_reset",
        "two status,     502, UPE, before_response_started{protocol_error},              0 tx_reset",
        "connection,     502, UPE, before_response_started{protocol_error},              0 tx_reset",
        "upper case,     502, UPE, before_response_started{protocol_error},              0 tx_reset",
        "101,            502, UPE, before_response_started{protocol_error},              0 tx_reset",
        "informational end, 502, UPE, before_response_started{protocol_error},           0 tx_reset",
        "length end,     502, UPE, before_response_started{protocol_error},              0 tx_reset",
        "body too long,  200, UPE, after_response_started{protocol_error},               1 tx_reset",
        "body too short, 200, UPE, after_response_started{protocol_error},               1 tx_reset",
        "204 with body,  204, UPE, after_response_started{protocol_error},               1 tx_reset",
        "two heads,      200, UPE, after_response_started{protocol_error},               0 tx_reset",
        "data first,     502, UPE, before_response_started{protocol_error},              0 tx_reset",
        "push,           502, UPE, before_response_started{protocol_error},              0 tx_reset",
        "idle stream,    502, UPE, before_response_started{protocol_error},              0 tx_reset",
        "other protocol, 502, UPE, before_response_started{protocol_error},              0 tx_reset",
        "many fields,    503, UR,  before_response_started{remote_reset},                1 rx_reset",
        "large fields,   503, UR,  before_response_started{remote_reset},                1 rx_reset",
        "close,          503, UC,  before_response_started{connection_termination},      0 pending_failure_eject",
        "part close,     200, UC,  after_response_started{connection_termination},       0 pending_failure_eject",
        "go away below,  503, UR,  before_response_started{remote_refused_stream_reset}, 0 none",
    })
    void answersAsEnvoyWhatTheUpstreamDoesWrong(
            String what, int status, String flags, String details, String connectionsLeftAndCounter) throws Exception {
        script = connection -> {
            Http2Peer peer = Http2Peer.begin(connection);
            Http2Peer.Frame head = peer.next(Http2Peer.HEADERS);
            if (head != null) {
                doWrong(connection, peer, head.stream(), what);
                while (peer.next() != null) {}
            }
        };
        int left = connectionsLeftAndCounter.charAt(0) - '0';
        String counter = connectionsLeftAndCounter.substring(2);
        try (var client = new Http2Client(address)) {
            client.settings().get(1, "/a");
            Http2Client.Answer answer = client.ended(1);

            assertThat(outcomes.next()).isEqualTo(new Outcome(status, flags, "upstream_reset_" + details));
            if (details.startsWith("before")) {
                assertThat(answer.status).isEqualTo(Integer.toString(status));
            } else {
                assertThat(answer.reset).as("INTERNAL_ERROR").isEqualTo(2);
            }
            proxy.eventually("connections", () -> proxy.gauge("cluster.up.upstream_cx_active") == left);
            for (String each : List.of("rx_reset", "tx_reset", "pending_failure_eject")) {
                long expected = counter.equals(each) ? 1 : 0;
                proxy.eventually(each, () -> counter("upstream_rq_" + each) == expected);
            }
        }
    }

    private static void doWrong(RawUpstream.Connection connection, Http2Peer peer, int stream, String what)
            throws IOException {
        switch (what) {
            case "no status" -> peer.headers(stream, true, "x", "y");
            case "bad status" -> peer.headers(stream, true, ":status", "20x");
            case "two status" -> peer.headers(stream, true, ":status", "200", ":status", "200");
            case "connection" -> peer.headers(stream, true, ":status", "200", "connection", "close");
            case "upper case" -> peer.headers(stream, true, ":status", "200", "X-Up", "y");
            case "101" -> peer.headers(stream, false, ":status", "101");
            case "informational end" -> peer.headers(stream, true, ":status", "103");
            case "length end" -> peer.headers(stream, true, ":status", "200", "content-length", "5");
            case "body too long" ->
                peer.headers(stream, false, ":status", "200", "content-length", "4")
                        .data(stream, "hello", true);
            case "body too short" ->
                peer.headers(stream, false, ":status", "200", "content-length", "6")
                        .data(stream, "hello", true);
            case "204 with body" ->
                peer.headers(stream, false, ":status", "204").data(stream, "hello", true);
            case "two heads" -> peer.headers(stream, false, ":status", "200").headers(stream, false, ":status", "200");
            case "data first" -> peer.data(stream, "hello", true);
            case "push" -> peer.frame(5, Http2Peer.END_HEADERS, stream, new byte[] {0, 0, 0, 2, (byte) 0x82});
            case "idle stream" -> peer.data(stream + 100, "x", false);
            case "other protocol" -> connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
            case "many fields" -> peer.headers(stream, true, fields(101, "v"));
            case "large fields" -> peer.headers(stream, true, fields(70, "v".repeat(1000)));
            case "close" -> connection.close();
            case "part close" -> {
                peer.headers(stream, false, ":status", "200").data(stream, "part", false);
                connection.close();
            }
            case "go away below" -> peer.goAway(0, 0);
            default -> {
                if (what.startsWith("part ")) {
                    peer.headers(stream, false, ":status", "200").data(stream, "part", false);
                }
                peer.reset(stream, Integer.parseInt(what.substring(what.lastIndexOf(' ') + 1)));
            }
        }
    }

    private static String[] fields(int count, String value) {
        String[] all = new String[2 + 2 * count];
        all[0] = ":status";
        all[1] = "200";
        for (int i = 1; i <= count; i++) {
            all[2 * i] = "x" + i;
            all[2 * i + 1] = value;
        }
        return all;
    }

    @Test
    void keepsTheConnectionWhereAMalformedMessageEndsItsStreamOnly() throws Exception {
        publish(options(true), 0, CircuitBreakers.DEFAULT);
        answering((peer, head) -> {
            if (head.path().equals("/wrong")) {
                peer.headers(head.stream(), true, "x", "y");
            } else {
                peer.ok(head.stream());
            }
        });
        try (var client = new Http2Client(address)) {
            client.settings().get(1, "/wrong");
            assertThat(client.ended(1).status).isEqualTo("502");
            client.get(3, "/right");
            assertThat(client.ended(3).status).isEqualTo("200");
        }
        assertThat(upstream.connections()).isEqualTo(1);
    }

    @Test
    void opensAnotherConnectionAfterGoAwayAndLetsStreamsEnd() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        AtomicInteger connections = new AtomicInteger();
        script = connection -> {
            int number = connections.incrementAndGet();
            Http2Peer peer = Http2Peer.begin(connection);
            Http2Peer.Frame head = peer.next(Http2Peer.HEADERS);
            if (head == null) {
                return;
            }
            if (number == 1) {
                peer.goAway(head.stream(), 0);
                await(second);
            } else {
                second.countDown();
            }
            peer.ok(head.stream());
            peer.next(99); // until the proxy closes it
        };
        try (var client = new Http2Client(address)) {
            client.settings().get(1, "/first");
            proxy.eventually("GOAWAY", () -> counter("upstream_cx_close_notify") == 1);
            client.get(3, "/second");

            assertThat(client.ended(3).status).isEqualTo("200");
            assertThat(client.ended(1).status).isEqualTo("200");
            proxy.eventually("the first is closed", () -> proxy.gauge("cluster.up.upstream_cx_active") == 1);
            assertThat(counter("upstream_cx_destroy_local")).isEqualTo(1);
            assertThat(connections.get()).isEqualTo(2);
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("nothing came");
            }
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    @Test
    void opensConnectionsAsStreamsNeedThemAndNoMoreThanAllowed() throws Exception {
        var limits = new CircuitBreakers.Thresholds(2, 2000, 2000, 3, Long.MAX_VALUE, Optional.empty(), false);
        publish(options(false), 0, new CircuitBreakers(limits, limits));
        AtomicLong most = new AtomicLong();
        script = connection -> {
            Http2Peer peer = Http2Peer.begin(connection, Http2Peer.MAX_CONCURRENT_STREAMS, 10);
            List<Integer> open = new ArrayList<>();
            int served = 0;
            for (Http2Peer.Frame head = peer.next(Http2Peer.HEADERS);
                    head != null;
                    head = peer.next(Http2Peer.HEADERS)) {
                open.add(head.stream());
                if (served == 0 && open.size() < 10) {
                    continue; // all that are sent before the settings come, and ten at once after
                }
                most.accumulateAndGet(served == 0 ? 0 : open.size(), Math::max);
                for (int stream : open) {
                    peer.ok(stream);
                    served++;
                }
                open.clear();
            }
        };
        try (var client = new Http2Client(address)) {
            client.settings();
            for (int round = 0; round < 10; round++) {
                for (int i = 0; i < 100; i++) {
                    client.get(1 + 2 * (round * 100 + i), "/a");
                }
                for (int i = 0; i < 100; i++) {
                    assertThat(client.ended(1 + 2 * (round * 100 + i)).status).isEqualTo("200");
                }
            }
        }
        assertThat(most.get()).isLessThanOrEqualTo(10);
        assertThat(upstream.connections()).isBetween(1, 2);
        assertThat(counter("upstream_rq_total")).isEqualTo(1000);
        assertThat(proxy.gauge("cluster.up.upstream_rq_pending_active")).isZero();
    }

    @Test
    void startsNoMoreRequestsOnAConnectionThanConfigured() throws Exception {
        publish(options(false), 3, CircuitBreakers.DEFAULT);
        answering((peer, head) -> peer.ok(head.stream()));
        try (var client = new Http2Client(address)) {
            client.settings();
            for (int stream = 1; stream < 14; stream += 2) {
                client.get(stream, "/a");
                assertThat(client.ended(stream).status).isEqualTo("200");
            }
        }
        assertThat(upstream.connections()).isEqualTo(3);
        proxy.eventually("closed", () -> counter("upstream_cx_max_requests") == 2);
    }

    @Test
    void waitsForTheWindowsOfTheUpstreamAndForItsChanges() throws Exception {
        CountDownLatch stalled = new CountDownLatch(1);
        AtomicInteger received = new AtomicInteger();
        script = connection -> {
            Http2Peer peer = Http2Peer.begin(connection, Http2Peer.INITIAL_WINDOW_SIZE, 20_000);
            peer.ok(Objects.requireNonNull(peer.next(Http2Peer.HEADERS)).stream()); // by then it knows the settings
            int stream = Objects.requireNonNull(peer.next(Http2Peer.HEADERS)).stream();
            for (Http2Peer.Frame frame = peer.next(Http2Peer.DATA); frame != null; frame = peer.next(Http2Peer.DATA)) {
                int all = received.addAndGet(frame.payload().length);
                if (frame.ends()) {
                    peer.ok(stream);
                } else if (all == 20_000) {
                    peer.settings(Http2Peer.INITIAL_WINDOW_SIZE, 1000); // 19,000 less than is used
                    peer.number(Http2Peer.WINDOW_UPDATE, stream, 19_000);
                    stalled.countDown();
                    peer.number(Http2Peer.WINDOW_UPDATE, stream, 5_000_000)
                            .number(Http2Peer.WINDOW_UPDATE, 0, 5_000_000);
                }
            }
        };
        try (var client = new RawClient(address)) {
            client.get("/").readUntil("0\r\n\r\n");
            client.send("POST /a HTTP/1.1\r\nHost: test\r\nContent-Length: 400000\r\n\r\n" + "x".repeat(400_000));
            await(stalled);

            assertThat(client.readUntil("0\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(received.get()).isEqualTo(400_000);
        }
    }

    @Test
    void givesAStreamUpWhenItsClientDoes() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        AtomicInteger code = new AtomicInteger(-1);
        script = connection -> {
            Http2Peer peer = Http2Peer.begin(connection);
            peer.next(Http2Peer.HEADERS);
            asked.countDown();
            Http2Peer.Frame reset = peer.next(Http2Peer.RST_STREAM);
            if (reset != null) {
                code.set(reset.number());
            }
            peer.next(99);
        };
        try (var client = new Http2Client(address)) {
            client.settings().get(1, "/a");
            await(asked);
            client.number(Http2Client.RST_STREAM, 1, 8);
            proxy.eventually("INTERNAL_ERROR, as Envoy", () -> code.get() == 2);
        }
        assertThat(counter("upstream_rq_tx_reset")).isEqualTo(1);
        assertThat(upstream.connections()).isEqualTo(1);
    }

    @Test
    void resetsARequestThatIsAnsweredBeforeItIsComplete() throws Exception {
        AtomicInteger code = new AtomicInteger(-1);
        script = connection -> {
            Http2Peer peer = Http2Peer.begin(connection);
            peer.ok(Objects.requireNonNull(peer.next(Http2Peer.HEADERS)).stream());
            Http2Peer.Frame reset = peer.next(Http2Peer.RST_STREAM);
            if (reset != null) {
                code.set(reset.number());
            }
            peer.next(99);
        };
        try (var client = new Http2Client(address)) {
            client.settings().post(1, "/a").data(1, "x", false);
            assertThat(client.ended(1).status).isEqualTo("200");
            proxy.eventually("INTERNAL_ERROR, as Envoy", () -> code.get() == 2);
        }
    }
}
