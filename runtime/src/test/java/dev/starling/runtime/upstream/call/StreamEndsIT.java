package dev.starling.runtime.upstream.call;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.runtime.http.Http2Peer;
import dev.starling.xds.transport.Transport;
import dev.starling.xds.transport.Transport.Closed;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamEndsIT extends StreamScene {

    private Closed endOf(Plane plane) throws Exception {
        plane(plane);
        Transport.Call call = open();
        call.send(bytes("hello"));
        call.more();
        Closed end = take(ends);
        assertThat(messages).isEmpty();
        return end;
    }

    @Test
    void theStatusMayBeAllThereIs() throws Exception {
        assertThat(endOf((peer, _) -> {
                    request(peer);
                    peer.headers(1, true, ":status", "200", "grpc-status", "3", "grpc-message", "who%20%C3%A4re you%");
                    drain(peer);
                }))
                .isEqualTo(new Closed(3, "who äre you%"));
    }

    @Test
    void aStatusOfHttpStandsForOneOfGrpc() throws Exception {
        assertThat(endOf((peer, _) -> {
                    request(peer);
                    peer.headers(1, false, ":status", "404").data(1, "not here", true);
                    drain(peer);
                }))
                .isEqualTo(new Closed(12, "HTTP status 404"));
    }

    @Test
    void aStatusOfGrpcCountsMoreThanOneOfHttp() throws Exception {
        assertThat(endOf((peer, _) -> {
                            request(peer);
                            peer.headers(1, true, ":status", "503", "grpc-status", "16");
                            drain(peer);
                        })
                        .status())
                .isEqualTo(16);
    }

    @Test
    void anEndWithoutStatusIsUnknown() throws Exception {
        assertThat(endOf((peer, _) -> {
                            begun(peer).data(1, "", true);
                            drain(peer);
                        })
                        .status())
                .isEqualTo(2);
    }

    @Test
    void trailersWithoutStatusAreUnknown() throws Exception {
        assertThat(endOf((peer, _) -> {
                            begun(peer).headers(1, true, "other", "0");
                            drain(peer);
                        })
                        .status())
                .isEqualTo(2);
    }

    @Test
    void aCompressedMessageIsRefused() throws Exception {
        assertThat(endOf((peer, _) -> {
                            begun(peer).data(1, framed(1, 3) + "abc", false);
                            assertThat(requireNonNull(peer.next(Http2Peer.RST_STREAM)).stream())
                                    .isEqualTo(1);
                            drain(peer);
                        })
                        .status())
                .isEqualTo(13);
    }

    @Test
    void aMessageThatIsTooLongIsRefusedBeforeItComes() throws Exception {
        assertThat(endOf((peer, _) -> {
                            begun(peer).data(1, framed(0, MAX_MESSAGE + 1), false);
                            drain(peer);
                        })
                        .status())
                .isEqualTo(8);
    }

    @Test
    void aMessageOfTheLengthThatIsAllowedPassesThroughSmallerWindows() throws Exception {
        plane((peer, _) -> {
            begun(peer).data(1, framed(0, MAX_MESSAGE), false);
            for (int i = 0; i < MAX_MESSAGE / 10_000; i++) {
                peer.data(1, "x".repeat(10_000), false);
            }
            drain(peer);
        });
        open().more();
        assertThat(take(messages)).hasSize(MAX_MESSAGE);
    }

    @Test
    void aResetBeforeTheAnswerIsUnavailable() throws Exception {
        assertThat(endOf((peer, _) -> {
                    request(peer);
                    peer.reset(1, 2);
                    drain(peer);
                }))
                .isEqualTo(new Closed(
                        14, CONNECT_ERROR + "remote reset{upstream_reset_before_response_started{remote_reset}}"));
        proxy.eventually("counts", () -> proxy.counter("cluster.plane.internal.upstream_rq_503") == 1);
        assertThat(proxy.counter("cluster.plane.upstream_rq_rx_reset")).isEqualTo(1);
    }

    @Test
    void aResetWithinTheAnswerIsInternal() throws Exception {
        assertThat(endOf((peer, _) -> {
                            begun(peer).reset(1, 8);
                            drain(peer);
                        })
                        .status())
                .isEqualTo(13);
    }

    @Test
    void aConnectionThatEndsTakesItsStreamsAlong() throws Exception {
        assertThat(endOf((peer, connection) -> {
                            begun(peer);
                            connection.halfClose(); // closing at once would take back an answer that has not been read
                            drain(peer);
                        })
                        .status())
                .isEqualTo(13);
    }

    @Test
    void aConnectionThatEndsBeforeTheAnswerIsUnavailable() throws Exception {
        assertThat(endOf((peer, _) -> peer.next(Http2Peer.DATA)).status()).isEqualTo(14);
    }

    @Test
    void framesThatAreNoneAreUnavailable() throws Exception {
        assertThat(endOf((peer, connection) -> {
                    request(peer);
                    connection.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
                    drain(peer);
                }))
                .isEqualTo(new Closed(
                        14, CONNECT_ERROR + "protocol error{upstream_reset_before_response_started{protocol_error}}"));
    }

    @Test
    void afterAGoAwayTheNextStreamHasAnotherConnection() throws Exception {
        plane((peer, _) -> {
            begun(peer).data(1, frame("one"), false).goAway(1, 0);
            peer.next(Http2Peer.RST_STREAM);
            drain(peer);
        });
        Transport.Call first = open();
        first.more();
        assertThat(take(messages)).isEqualTo("one");
        proxy.eventually("notice", () -> proxy.counter("cluster.plane.upstream_cx_close_notify") == 1);
        assertThat(ends).isEmpty();

        open().more();
        assertThat(take(messages)).isEqualTo("one");
        assertThat(requireNonNull(upstream).connections()).isEqualTo(2);
        first.cancel();
    }

    // ---- nobody to talk to ----------------------------------------------------------------------------------------

    @Test
    void tellsThatThereIsNoSuchCluster() throws Exception {
        transport.open(service("nowhere", "", false), METHOD, receiver);
        assertThat(take(ends)).isEqualTo(new Closed(14, "Cluster not available"));
    }

    @Test
    void tellsThatThereIsNoEndpoint() throws Exception {
        publish(CircuitBreakers.DEFAULT);
        open();
        assertThat(take(ends)).isEqualTo(new Closed(14, "no healthy upstream{no_healthy_upstream}"));
        proxy.eventually("counts", () -> proxy.counter("cluster.plane.upstream_cx_none_healthy") == 1);
    }

    @Test
    void tellsThatAConnectionIsRefused() throws Exception {
        try (Socket bound = new Socket()) { // holds its port and does not listen
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            publish(CircuitBreakers.DEFAULT, (InetSocketAddress) bound.getLocalSocketAddress());
            open();
            assertThat(take(ends))
                    .isEqualTo(new Closed(
                            14,
                            CONNECT_ERROR + "remote connection failure{upstream_reset_before_response_started"
                                    + "{remote_connection_failure|delayed_connect_error:_Connection_refused}}"));
        }
    }

    @Test
    void holdsToTheLimitsOfTheCluster() throws Exception {
        var none = new CircuitBreakers.Thresholds(1024, 0, 0, 3, Long.MAX_VALUE, Optional.empty(), false);
        publish(new CircuitBreakers(none, none), new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        open();
        assertThat(take(ends))
                .isEqualTo(
                        new Closed(14, CONNECT_ERROR + "overflow{upstream_reset_before_response_started{overflow}}"));
    }
}
