package dev.starling.runtime.http.filter.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.ByteCount;
import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.config.route.RetryOn;
import dev.starling.config.route.RetryPolicy;
import dev.starling.config.route.RetryPolicy.HostPredicate.PreviousHosts;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.http.Http2Peer;
import dev.starling.runtime.http.RawClient;
import dev.starling.runtime.http.RawUpstream;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.LeakWatch;
import dev.starling.runtime.time.HeldClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that are sent again, over real sockets, with a clock that moves only when the test says so. */
@Timeout(60)
class RetriesIT {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    private static final String UNAVAILABLE = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 3\r\n\r\nnot";
    private static final String POST = "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String BODY = "4\r\nfour\r\n3\r\n-te\r\n1\r\nn\r\n0\r\n\r\n";
    private static final Duration TICK = Duration.ofMillis(50);

    private final LeakWatch leaks = LeakWatch.start();
    private final HeldClock clock = new HeldClock();
    private final ProxyFixture proxy = ProxyFixture.start(1, clock.clock());
    private final List<RawUpstream> upstreams = new ArrayList<>();
    private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() throws Exception {
        for (RawUpstream upstream : upstreams) {
            upstream.close();
        }
        proxy.withdraw("up");
        proxy.eventually("no upstream connection is left", () -> proxy.gauge("cluster.up.upstream_cx_active") == 0);
        assertThat(proxy.gauge("cluster.up.circuit_breakers.default.rq_retry_open"))
                .isZero();
        proxy.close();
        assertThat(leaks.leaks()).isEmpty();
        leaks.close();
    }

    private static RetryPolicy policy(long retries, Duration perTryTimeout, RetryOn... on) {
        RetryPolicy none = RetryPolicy.NONE;
        return new RetryPolicy(
                Set.of(on),
                retries,
                perTryTimeout,
                Duration.ZERO,
                Set.of(),
                List.of(),
                List.of(),
                none.backoff(),
                Optional.empty(),
                List.of(PreviousHosts.PREVIOUS_HOSTS),
                3);
    }

    /** Answers one request after the other with these, on whatever connection; an empty one closes it. */
    private RawUpstream answering(String... answers) throws IOException {
        AtomicInteger next = new AtomicInteger();
        return upstream(connection -> {
            for (String head = connection.readHead(); head != null; head = connection.readHead()) {
                if (head.startsWith("POST")) {
                    bodies.add(connection.readUntil("0\r\n\r\n"));
                }
                String answer = answers[next.getAndIncrement()];
                if (answer.isEmpty()) {
                    connection.close();
                    return;
                }
                connection.write(answer);
            }
        });
    }

    private RawUpstream upstream(RawUpstream.Script script) throws IOException {
        RawUpstream upstream = new RawUpstream(script);
        upstreams.add(upstream);
        return upstream;
    }

    private RawClient client(RetryPolicy policy, long bufferLimit) throws IOException {
        var route = HttpFixture.retrying("up", policy, OptionalLong.of(bufferLimit));
        return new RawClient(
                proxy.listen(HttpFixture.connectionManager(HttpFixture.settings(HttpFixture.routes(route)))));
    }

    private void publish(RawUpstream... at) {
        InetSocketAddress[] addresses = new InetSocketAddress[at.length];
        for (int i = 0; i < at.length; i++) {
            addresses[i] = at[i].address();
        }
        proxy.publish("up", addresses);
    }

    private long counted(String name) {
        return proxy.counter("cluster.up.upstream_rq_" + name);
    }

    /** Lets the proxy's clock go on until that many retries were decided, and the last wait is over. */
    private void wait(String what, BooleanSupplier met) {
        proxy.eventually(what, () -> {
            clock.advance(TICK);
            return met.getAsBoolean();
        });
    }

    @Test
    void sendsAllOfTheBodyOnceMore() throws Exception {
        RawUpstream upstream = answering(UNAVAILABLE, "", OK);
        publish(upstream);
        try (RawClient client = client(policy(2, Duration.ZERO, RetryOn.STATUS_5XX), 100)) {
            client.send(POST + BODY);
            wait("the third attempt", () -> bodies.size() == 3);

            assertThat(client.response()).startsWith("HTTP/1.1 200");
            assertThat(bodies)
                    .hasSize(3)
                    .allSatisfy(body ->
                            assertThat(body.replaceAll("\r\n|[0-9]", "")).isEqualTo("four-ten"));
            assertThat(counted("retry")).isEqualTo(2);
            assertThat(counted("retry_success")).isEqualTo(1);
            assertThat(proxy.counter("cluster.up.retry.upstream_rq_503")).isEqualTo(1);
            assertThat(counted("503")).isZero();
        }
    }

    @Test
    void passesOnTheLastAnswerWhenNoAttemptIsLeft() throws Exception {
        publish(answering(UNAVAILABLE, UNAVAILABLE));
        try (RawClient client = client(policy(1, Duration.ZERO, RetryOn.GATEWAY_ERROR), 100)) {
            client.get("/");
            wait("the limit", () -> counted("retry_limit_exceeded") == 1);

            assertThat(client.response()).startsWith("HTTP/1.1 503").endsWith("not");
            assertThat(counted("retry")).isEqualTo(1);
            assertThat(counted("retry_success")).isZero();
            assertThat(counted("503")).isEqualTo(1);
        }
    }

    @Test
    void goesToAnotherEndpointWhereOneRefuses() throws Exception {
        RawUpstream upstream = answering(OK, OK, OK, OK);
        InetSocketAddress closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = (InetSocketAddress) socket.getLocalSocketAddress();
        }
        proxy.publish("up", closed, upstream.address());
        try (RawClient client = client(policy(1, Duration.ZERO, RetryOn.CONNECT_FAILURE), 100)) {
            for (int i = 0; i < 4; i++) {
                client.get("/");
                int answered = i + 1;
                wait("an answer", () -> upstream.requests().size() == answered);
                assertThat(client.response()).startsWith("HTTP/1.1 200");
            }
            assertThat(counted("retry")).isPositive();
            assertThat(counted("retry_success")).isEqualTo(counted("retry"));
        }
    }

    @Test
    void sendsAgainWhatAnHttp2EndpointRefuses() throws Exception {
        AtomicInteger streams = new AtomicInteger();
        RawUpstream upstream = upstream(connection -> {
            Http2Peer peer = Http2Peer.begin(connection);
            for (Http2Peer.Frame frame = peer.next(); frame != null; frame = peer.next()) {
                if (frame.type() == Http2Peer.HEADERS) {
                    if (streams.incrementAndGet() == 1) {
                        peer.reset(frame.stream(), 7); // REFUSED_STREAM
                    } else {
                        peer.ok(frame.stream());
                    }
                }
            }
        });
        proxy.publish(
                ProxyFixture.clusterOfHttp2("up", CircuitBreakers.DEFAULT), OutlierMonitor.OFF, upstream.address());
        try (RawClient client = client(policy(1, Duration.ZERO, RetryOn.REFUSED_STREAM), 100)) {
            client.get("/");
            wait("a second stream", () -> streams.get() == 2);

            assertThat(client.response()).startsWith("HTTP/1.1 200");
            assertThat(upstream.connections()).isEqualTo(1);
            assertThat(counted("retry_success")).isEqualTo(1);
        }
    }

    @Test
    void givesUpAnAttemptThatTakesTooLong() throws Exception {
        AtomicInteger heads = new AtomicInteger();
        publish(upstream(connection -> {
            while (connection.readHead() != null) {
                if (heads.incrementAndGet() == 2) {
                    connection.write(OK);
                }
            }
        }));
        try (RawClient client = client(policy(1, Duration.ofSeconds(1), RetryOn.RESET), 100)) {
            client.get("/");
            proxy.eventually("the first attempt", () -> heads.get() == 1);
            wait("the second", () -> heads.get() == 2);

            assertThat(client.response()).startsWith("HTTP/1.1 200");
            assertThat(counted("per_try_timeout")).isEqualTo(1);
            assertThat(counted("timeout")).isZero();
        }
    }

    @Test
    void doesNotKeepMoreThanItMay() throws Exception {
        publish(answering(UNAVAILABLE));
        try (RawClient client = client(policy(1, Duration.ZERO, RetryOn.STATUS_5XX), 7)) {
            client.send(POST + BODY);

            assertThat(client.response()).startsWith("HTTP/1.1 503").endsWith("not");
            assertThat(proxy.counter("cluster.up.retry_or_shadow_abandoned")).isEqualTo(1);
            assertThat(counted("retry")).isZero();
        }
    }

    @Test
    void answersWhenMoreComesThanItMayKeepWhileItWaits() throws Exception {
        publish(upstream(connection -> {
            connection.readHead();
            connection.write(UNAVAILABLE);
            connection.readUntil("nothing of this");
        }));
        try (RawClient client = client(policy(1, Duration.ZERO, RetryOn.STATUS_5XX), 7)) {
            client.send(POST + "4\r\nfour\r\n");
            proxy.eventually("a wait", () -> proxy.counter("cluster.up.retry.upstream_rq_503") == 1);
            client.send("4\r\nfour\r\n");

            assertThat(client.response()).startsWith("HTTP/1.1 507").endsWith("while retrying upstream");
            assertThat(proxy.counter("cluster.up.retry_or_shadow_abandoned")).isEqualTo(1);
        }
    }

    @Test
    void forgetsTheRetryOfAClientThatGoes() throws Exception {
        RawUpstream upstream = answering(UNAVAILABLE, OK);
        proxy.publish(
                ProxyFixture.cluster(
                        "up", Duration.ofSeconds(5), ByteCount.mebibytes(1), oneRetry(), UpstreamHttp.DEFAULT),
                OutlierMonitor.OFF,
                upstream.address());
        try (RawClient client = client(policy(1, Duration.ZERO, RetryOn.STATUS_5XX), 100)) {
            client.send(POST + BODY);
            proxy.eventually("a wait", () -> proxy.counter("cluster.up.retry.upstream_rq_503") == 1);
            assertThat(proxy.gauge("cluster.up.circuit_breakers.default.rq_retry_open"))
                    .isEqualTo(1);
            client.abort();
        }
        proxy.eventually(
                "its place is free again", () -> proxy.gauge("cluster.up.circuit_breakers.default.rq_retry_open") == 0);
        clock.advance(Duration.ofSeconds(10));
        proxy.eventually("the exchange is over", () -> proxy.gauge("http.http.downstream_rq_active") == 0);
        assertThat(upstream.requests()).hasSize(1);
    }

    /** The one connection that there may be is closed behind the answer, and a request waits for it. */
    @Test
    void neverSendsLessThanAllOfTheBody() throws Exception {
        AtomicInteger posts = new AtomicInteger();
        RawUpstream upstream = upstream(connection -> {
            String head = connection.readHead();
            if (head != null && head.startsWith("GET")) {
                proxy.eventually("a request waits", () -> proxy.gauge("cluster.up.upstream_rq_pending_active") == 1);
                connection.write(OK);
            } else if (head != null) {
                posts.incrementAndGet();
                bodies.add(connection.readUntil("0\r\n\r\n"));
                connection.write(OK);
            }
        });
        proxy.publish(
                ProxyFixture.cluster(
                        "up", Duration.ofSeconds(5), ByteCount.mebibytes(1), limits(1, 9), UpstreamHttp.DEFAULT),
                OutlierMonitor.OFF,
                upstream.address());
        var route = HttpFixture.retrying("up", policy(3, Duration.ZERO, RetryOn.RESET), OptionalLong.of(100));
        var address = proxy.listen(HttpFixture.connectionManager(HttpFixture.settings(HttpFixture.routes(route))));
        try (RawClient first = new RawClient(address);
                RawClient second = new RawClient(address)) {
            first.get("/");
            proxy.eventually("the first request", () -> upstream.requests().size() == 1);
            second.send(POST + BODY);
            assertThat(first.response()).startsWith("HTTP/1.1 200");
            wait("the second", () -> !bodies.isEmpty());

            assertThat(second.response()).startsWith("HTTP/1.1 200");
            assertThat(bodies)
                    .hasSize(posts.get())
                    .allSatisfy(body ->
                            assertThat(body.replaceAll("\r\n|[0-9]", "")).isEqualTo("four-ten"));
        }
    }

    private static CircuitBreakers oneRetry() {
        return limits(9, 1);
    }

    private static CircuitBreakers limits(long connections, long retries) {
        var limits = new CircuitBreakers.Thresholds(connections, 9, 9, retries, 9, Optional.empty(), false);
        return new CircuitBreakers(limits, limits);
    }
}
