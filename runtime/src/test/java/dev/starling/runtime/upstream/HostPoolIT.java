package dev.starling.runtime.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.ByteCount;
import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.config.http.Http2Options;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.cluster.CircuitBreaker;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.http.RawUpstream;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.message.UpstreamStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pool of one endpoint, asked for streams on its loop. */
class HostPoolIT {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

    private final ProxyFixture proxy = ProxyFixture.start();
    private RawUpstream upstream;
    private @Nullable ClusterTraffic traffic;
    private @Nullable HostPool pool;

    /** A request that notes what becomes of it. */
    private static final class Asking extends StreamRequest {

        @Nullable
        SocketAddress connection;

        @Nullable
        StreamReset failure;

        boolean answered;

        @Override
        protected void onStreamReady(UpstreamStream ready) {
            stream = ready;
            connection = ready.localAddress();
        }

        void send() {
            requireNonNull(stream)
                    .writeHead(
                            new RequestHead("GET", "/", "h", "http", Protocol.HTTP_1_1, new Headers(), "", 0, true),
                            true);
        }

        @Override
        protected void onStreamFailed(StreamReset reason, String transportDetail) {
            failure = reason;
        }

        @Override
        public void onUpstreamEvent(UpstreamStream from, StreamEvent event) {
            answered |= event instanceof ResponseHead;
        }

        @Override
        public void onUpstreamWritable(UpstreamStream from) {}
    }

    @BeforeEach
    void start() throws IOException {
        upstream = RawUpstream.answering(OK);
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        upstream.close();
    }

    private void open(long maxConnections, long maxPending, long maxRequests, int requestsPerConnection) {
        open(upstream.address(), maxConnections, maxPending, maxRequests, requestsPerConnection);
    }

    private void open(
            InetSocketAddress address, long maxConnections, long maxPending, long maxRequests, int perConnection) {
        var limits = new CircuitBreakers.Thresholds(
                maxConnections, maxPending, maxRequests, 3, Long.MAX_VALUE, Optional.empty(), false);
        var http = new UpstreamHttp(
                UpstreamHttp.Version.HTTP_1,
                Duration.ofHours(1),
                Optional.empty(),
                Optional.empty(),
                perConnection,
                100,
                Optional.empty(),
                false,
                Http2Options.DEFAULT,
                UpstreamHttp.AutoNames.NONE);
        traffic = proxy.publish(
                ProxyFixture.cluster(
                        "up", Duration.ofSeconds(5), ByteCount.mebibytes(1), new CircuitBreakers(limits, limits), http),
                OutlierMonitor.OFF,
                address);
        pool = ProxyFixture.on(proxy.loop(), () -> {
            LoopCluster cluster = requireNonNull(proxy.context()
                    .clustersOf(proxy.loop())
                    .cluster(proxy.context().clusters().slot("up")));
            return cluster.pool((Endpoint) cluster.pick(), RoutingPriority.DEFAULT, Protocol.HTTP_1_1, null, null);
        });
    }

    private CircuitBreaker breaker() {
        return requireNonNull(traffic).breaker(RoutingPriority.DEFAULT);
    }

    private Asking[] ask(int count) {
        return ProxyFixture.on(proxy.loop(), () -> {
            Asking[] all = new Asking[count];
            for (int i = 0; i < count; i++) {
                all[i] = new Asking();
                requireNonNull(pool).newStream(all[i]);
            }
            return all;
        });
    }

    private void answer(Asking asking) {
        proxy.eventually("a stream", () -> asking.stream != null);
        ProxyFixture.on(proxy.loop(), () -> {
            asking.send();
            return true;
        });
        proxy.eventually("an answer", () -> asking.answered);
    }

    private static Asking only(Asking[] all) {
        assertThat(all).hasSize(1);
        return all[0];
    }

    @Test
    void givesTheConnectionThatWasUsedLast() {
        open(1024, 1024, 1024, 0);
        Asking[] two = ask(2);
        proxy.eventually("two streams", () -> two[0].stream != null && two[1].stream != null);
        answer(two[1]);
        answer(two[0]);

        Asking third = only(ask(1));
        assertThat(third.connection).isEqualTo(two[0].connection).isNotEqualTo(two[1].connection);
        answer(third);
        assertThat(upstream.connections()).isEqualTo(2);
    }

    @Test
    void givesAConnectionThatHasServedItsRequestsToNoneThatWaits() {
        open(1, 1024, 1024, 2);
        Asking[] five = ask(5);
        for (Asking asking : five) {
            answer(asking);
        }

        assertThat(five[1].connection).isEqualTo(five[0].connection);
        assertThat(five[2].connection).isNotEqualTo(five[1].connection);
        assertThat(five[3].connection).isEqualTo(five[2].connection);
        assertThat(five[4].connection).isNotEqualTo(five[3].connection);
        proxy.eventually("stats", () -> proxy.counter("cluster.up.upstream_cx_max_requests") == 2);
    }

    @Test
    void failsAllThatWaitWhereNoMoreRequestsAreAllowed() {
        open(1, 1024, 1, 0);
        breaker().requests().acquire();
        Asking[] three = ask(3);
        proxy.eventually("failures", () -> three[0].failure != null);
        for (Asking asking : three) {
            assertThat(asking.failure).isEqualTo(StreamReset.OVERFLOW);
        }
        Asking fourth = only(ask(1));
        assertThat(fourth.failure).isEqualTo(StreamReset.OVERFLOW);

        breaker().requests().release();
        Asking fifth = only(ask(1));
        assertThat(fifth.connection).as("the connection that was kept").isNotNull();
        answer(fifth);
        assertThat(proxy.counter("cluster.up.upstream_rq_pending_overflow")).isZero();
        assertThat(proxy.gauge("cluster.up.upstream_rq_pending_active")).isZero();
        assertThat(breaker().pendingRequests().count()).isZero();
    }

    @Test
    void letsNoMoreWaitThanTheBreakerAllows() {
        open(1, 2, 1024, 0);
        Asking[] three = ask(3);

        assertThat(three[2].failure).isEqualTo(StreamReset.OVERFLOW);
        answer(three[0]);
        answer(three[1]);
        assertThat(three[1].connection).isEqualTo(three[0].connection);
    }

    @Test
    void failsAllThatWaitWhenAConnectFails() throws IOException {
        InetSocketAddress closed;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = (InetSocketAddress) gone.getLocalSocketAddress();
        }
        open(closed, 1, 1024, 1024, 0);
        Asking[] three = ask(3);
        proxy.eventually("failures", () -> three[2].failure != null);

        for (Asking asking : three) {
            assertThat(asking.failure).isEqualTo(StreamReset.REMOTE_CONNECTION_FAILURE);
        }
        assertThat(breaker().pendingRequests().count()).isZero();
        assertThat(breaker().connections().count()).isZero();
    }

    @Test
    void abandonsAConnectionThatNobodyWaitsForAnyMore() throws IOException {
        try (var hanging = new HangingEndpoint()) {
            open(hanging.address(), 1024, 1024, 1024, 0);
            Asking[] two = ask(2);
            ProxyFixture.on(proxy.loop(), () -> {
                two[0].cancel();
                two[0].cancel();
                return true;
            });
            assertThat(breaker().connections().count()).isEqualTo(1);
            assertThat(breaker().pendingRequests().count()).isEqualTo(1);

            ProxyFixture.on(proxy.loop(), () -> {
                two[1].cancel();
                return true;
            });
            assertThat(breaker().connections().count()).isZero();
            assertThat(breaker().pendingRequests().count()).isZero();
            assertThat(two[0].failure).isNull();
        }
    }

    @Test
    void finishesWhatItHasWhenItsEndpointLeaves() {
        open(1, 1024, 1024, 0);
        Asking[] three = ask(3);
        proxy.eventually("a stream", () -> three[0].stream != null);
        proxy.withdraw("up");
        for (Asking asking : three) {
            answer(asking);
        }

        assertThat(three[2].connection).isEqualTo(three[0].connection);
        proxy.eventually("no connection", () -> breaker().connections().count() == 0);
        assertThat(breaker().requests().count()).isZero();
    }
}
