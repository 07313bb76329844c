package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.LeakWatch;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP/2 from clients, by prior knowledge, to an HTTP/1.1 upstream. */
@Timeout(60)
class Http2DownstreamIT {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    private static final int SETTINGS_INITIAL_WINDOW_SIZE = 4;

    private final LeakWatch leaks = LeakWatch.start();
    private final Outcomes outcomes = new Outcomes();
    private ProxyFixture proxy;
    private InetSocketAddress address;
    private ClusterTraffic traffic;
    private RawUpstream upstream;
    private volatile RawUpstream.Script script = _ -> {};

    @BeforeEach
    void start() throws Exception {
        proxy = ProxyFixture.start();
        var settings = HttpFixture.settingsWithTrailers(HttpFixture.routes(HttpFixture.route("/", "up")));
        address = proxy.listen(HttpFixture.connectionManager(settings, outcomes));
        upstream = new RawUpstream(connection -> script.serve(connection));
        traffic = proxy.publish(ProxyFixture.clusterWithTrailers("up"), OutlierMonitor.OFF, upstream.address());
    }

    @AfterEach
    void stop() throws Exception {
        upstream.close();
        proxy.withdraw("up");
        proxy.eventually("no upstream connection is left", () -> proxy.gauge("cluster.up.upstream_cx_active") == 0);
        assertThat(traffic.breaker(RoutingPriority.DEFAULT).requests().count()).isZero();
        proxy.close();
        assertThat(leaks.leaks()).isEmpty();
        leaks.close();
    }

    private void upstream(RawUpstream.Script newScript) {
        script = newScript;
    }

    private void answering(String response) {
        upstream(connection -> {
            while (connection.readHead() != null) {
                connection.write(response);
            }
        });
    }

    @Test
    void answersStreamsOfOneConnection() throws Exception {
        answering(OK);
        try (var client = new Http2Client(address)) {
            client.settings();
            for (int stream = 1; stream < 400; stream += 2) {
                client.get(stream, "/" + stream);
                if (stream % 100 == 99) {
                    client.ended(stream);
                }
            }
            for (int stream = 1; stream < 400; stream += 2) {
                Http2Client.Answer answer = client.ended(stream);

                assertThat(answer.status).isEqualTo("200");
                assertThat(answer.bytes).isEqualTo(2);
            }
            assertThat(upstream.requests()).hasSize(200);
        }
    }

    @Test
    void carriesBodiesAndTrailersBothWays() throws Exception {
        upstream(connection -> {
            connection.readHead();
            connection.readUntil("0\r\nx-last: 1\r\n\r\n");
            connection.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx-end: 1\r\n\r\n");
        });
        try (var client = new Http2Client(address)) {
            client.settings().post(1, "/a").data(1, "hello", false).headers(1, true, "x-last", "1");

            Http2Client.Answer answer = client.ended(1);

            assertThat(answer.status).isEqualTo("200");
            assertThat(answer.bytes).isEqualTo(3);
            assertThat(answer.trailers).isEqualTo("x-end: 1");
            assertThat(upstream.requests()).singleElement().asString().contains("POST /a HTTP/1.1");
        }
    }

    @Test
    void sendsNoMoreThanTheWindowsAllow() throws Exception {
        String body = "x".repeat(300_000);
        answering("HTTP/1.1 200 OK\r\ncontent-length: 300000\r\n\r\n" + body);
        try (var client = new Http2Client(address)) {
            client.settings(SETTINGS_INITIAL_WINDOW_SIZE, 1000).get(1, "/a").get(3, "/b");
            Http2Client.Answer first = client.answer(1);
            Http2Client.Answer second = client.answer(3);
            while (first.bytes < 1000 || second.bytes < 1000) {
                client.readFrame();
            }
            client.number(Http2Client.WINDOW_UPDATE, 0, 1_000_000).number(Http2Client.WINDOW_UPDATE, 3, 1_000_000);
            client.ended(3);
            assertThat(second.bytes).isEqualTo(300_000);
            assertThat(first.bytes).isEqualTo(1000);

            client.number(Http2Client.WINDOW_UPDATE, 1, 1_000_000);

            assertThat(client.ended(1).bytes).isEqualTo(300_000);
        }
    }

    @Test
    void tellsTheUpstreamThatAStreamWasReset() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        upstream(connection -> {
            connection.readHead();
            asked.countDown();
            if (connection.readHead() == null) {
                gone.countDown();
            }
        });
        try (var client = new Http2Client(address)) {
            client.settings().get(1, "/a");
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

            client.number(Http2Client.RST_STREAM, 1, 8);

            assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(outcomes.next().details()).isEqualTo("http2.remote_reset");
        }
    }

    @Test
    void wantsNoMoreOfARequestThatWasAnsweredEarly() throws Exception {
        answering(OK);
        try (var client = new Http2Client(address)) {
            client.settings().post(1, "/a").data(1, "some", false);

            Http2Client.Answer answer = client.ended(1);
            while (answer.reset < 0) {
                client.readFrame();
            }

            assertThat(answer.status).isEqualTo("200");
            assertThat(answer.ended).isTrue();
            assertThat(answer.reset).isZero();
        }
    }

    @Test
    void announcesTheEndOfTheConnectionBeforeItComes() throws Exception {
        answering(OK);
        try (var client = new Http2Client(address)) {
            client.settings().get(1, "/a");
            client.ended(1);

            ProxyFixture.on(proxy.loop(), () -> {
                proxy.lane(0, proxy.loop()).drain();
                return 0;
            });
            while (client.goAways() == 0) {
                client.readFrame();
            }

            assertThat(client.lastStream()).isEqualTo(Integer.MAX_VALUE);
            client.get(3, "/b");
            assertThat(client.ended(3).status).isEqualTo("200");
        }
    }
}
