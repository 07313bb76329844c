package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.cluster.Cluster;
import dev.starling.runtime.http.KillScene.Kill;
import dev.starling.runtime.http.Outcomes.Outcome;
import dev.starling.runtime.listener.ProxyFixture;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link KillIT} with HTTP/2 on both sides: whatever is held for a stream is given back, and its end is told. */
@Timeout(120)
class Http2KillIT {

    private KillScene scene;
    private ProxyFixture proxy;
    private Outcomes outcomes;
    private InetSocketAddress address;

    @BeforeEach
    void start() {
        scene = KillScene.to(cluster());
        proxy = scene.proxy();
        outcomes = scene.outcomes();
        address = scene.address();
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    private static Cluster cluster() {
        return ProxyFixture.clusterOfHttp2("up", CircuitBreakers.DEFAULT);
    }

    /** Frames one after the other, each of which notes where it ends. */
    private static final class Frames {

        private final ByteBuf bytes = Unpooled.buffer();
        private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();

        Frames text(String text) {
            bytes.writeCharSequence(text, StandardCharsets.ISO_8859_1);
            return this;
        }

        Frames frame(int type, int flags, int stream, byte[] payload) {
            bytes.writeBytes(Http2Peer.bytes(type, flags, stream, payload));
            return this;
        }

        Frames headers(boolean end, String... namesAndValues) throws Exception {
            Http2Headers headers = new DefaultHttp2Headers(false);
            for (int i = 0; i < namesAndValues.length; i += 2) {
                headers.add(namesAndValues[i], namesAndValues[i + 1]);
            }
            ByteBuf block = Unpooled.buffer();
            encoder.encodeHeaders(1, headers, block);
            int flags = Http2Peer.END_HEADERS | (end ? Http2Peer.END : 0);
            return frame(Http2Peer.HEADERS, flags, 1, ByteBufUtil.getBytes(block));
        }

        int end() {
            return bytes.writerIndex();
        }

        String upTo(int length) {
            return bytes.toString(0, length, StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @EnumSource(Kill.class)
    void tellsTheClientWhenTheUpstreamGoesAway(Kill kill) throws Exception {
        Frames answer =
                new Frames().frame(Http2Peer.SETTINGS, 0, 0, new byte[0]).headers(false, ":status", "103", "link", "x");
        int informational = answer.end();
        answer.headers(false, ":status", "200", "x-a", "b");
        int head = answer.end();
        answer.frame(Http2Peer.DATA, 0, 1, "hello".getBytes(StandardCharsets.US_ASCII))
                .headers(true, "x-end", "1");
        var length = new int[1];
        var go = new Semaphore(0);
        var asked = new AtomicInteger();
        try (var upstream = new RawUpstream(connection -> {
            new Http2Peer(connection).leavesSettings().next(Http2Peer.HEADERS);
            asked.incrementAndGet();
            connection.write(answer.upTo(length[0]));
            go.acquireUninterruptibly();
            kill.upstream(connection);
        })) {
            scene.publish(upstream.address());
            long received = 0;
            for (length[0] = 0; length[0] <= answer.end(); length[0]++) {
                received += length[0];
                long expected = received;
                int asks = length[0] + 1;
                String what = "killed by " + kill + " after " + length[0] + " bytes";
                try (var client = new Http2Client(address)) {
                    client.settings().get(1, "/");
                    proxy.eventually(
                            "all has been read",
                            () -> asked.get() == asks
                                    && proxy.counter("cluster.up.upstream_cx_rx_bytes_total") == expected);
                    go.release();
                    assertThat(outcomes.next())
                            .as(what)
                            .isEqualTo(outcome(length[0], informational, head, answer.end()));
                    client.ended(1);
                }
                scene.nothingIsLeft(what);
                proxy.eventually(what, () -> proxy.gauge("cluster.up.upstream_cx_active") == 0);
            }
        }
    }

    /** @param informational from where on a response has begun, as Envoy has it */
    private static Outcome outcome(int sent, int informational, int head, int end) {
        if (sent == end) {
            return new Outcome(200, "", "via_upstream");
        }
        return new Outcome(
                sent < head ? 503 : 200,
                "UC",
                sent < informational
                        ? "upstream_reset_before_response_started{connection_termination}"
                        : "upstream_reset_after_response_started{connection_termination}");
    }

    @ParameterizedTest
    @EnumSource(Kill.class)
    void givesBackEverythingWhenTheClientGoesAway(Kill kill) throws Exception {
        Frames request = new Frames()
                .text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                .frame(Http2Peer.SETTINGS, 0, 0, new byte[0])
                .headers(false, ":method", "POST", ":scheme", "http", ":path", "/a", ":authority", "test");
        int head = request.end();
        request.frame(Http2Peer.DATA, 0, 1, "hello".getBytes(StandardCharsets.US_ASCII))
                .headers(true, "x-last", "1");
        try (var upstream =
                new RawUpstream(connection -> Http2Peer.begin(connection).next(99))) {
            scene.publish(upstream.address());
            long received = 0;
            for (int sent = 0; sent <= request.end(); sent++) {
                RawClient client = new RawClient(address);
                client.send(request.upTo(sent));
                received += sent;
                String what = "killed by " + kill + " after " + sent + " bytes";
                scene.receivedFromClients(received);

                if (kill == Kill.FIN) {
                    client.close();
                } else {
                    client.abort();
                }

                scene.nothingIsLeft(what);
                if (sent >= head) {
                    assertThat(outcomes.next())
                            .as(what)
                            .isEqualTo(new Outcome(0, "DC", "downstream_remote_disconnect"));
                }
                assertThat(outcomes.isEmpty()).isTrue();
                client.close();
            }
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }
}
