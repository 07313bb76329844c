package dev.starling.runtime.upstream.call;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.http.Http2Peer;
import dev.starling.xds.transport.Transport;
import dev.starling.xds.transport.Transport.Closed;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClusterTransportIT extends StreamScene {

    private static final int END_STREAM = 1;

    @Test
    void carriesMessagesBothWays() throws Exception {
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        plane((peer, _) -> {
            got.add(request(peer).fields());
            Http2Peer.Frame data = requireNonNull(peer.next(Http2Peer.DATA));
            got.add(new String(data.payload(), ISO_8859_1));
            String three = frame("one") + frame("") + frame("three");
            peer.headers(1, false, ":status", "200", "content-type", "application/grpc")
                    .data(1, three.substring(0, 3), false)
                    .data(1, three.substring(3, 14), false)
                    .data(1, three.substring(14), false)
                    .headers(1, true, "grpc-status", "0");
            drain(peer);
        });
        Transport.Call call = open();
        call.send(bytes("hello"));
        call.more();
        call.more();
        call.more();

        assertThat(take(got)).isEqualTo("""
                :method: POST
                :scheme: http
                :path: /pack.Service/Method
                :authority: plane
                te: trailers
                content-type: application/grpc
                x-token: u
                x-envoy-internal: true
                x-forwarded-for: 192.0.2.7
                """);
        assertThat(take(got)).isEqualTo(frame("hello"));
        assertThat(take(messages)).isEqualTo("one");
        assertThat(take(messages)).isEmpty();
        assertThat(take(messages)).isEqualTo("three");
        assertThat(take(ends)).isEqualTo(new Closed(0, ""));
        proxy.eventually("counts", () -> proxy.counter("cluster.plane.internal.upstream_rq_200") == 1);
        assertThat(proxy.counter("cluster.plane.upstream_rq_total")).isEqualTo(1);
        assertThat(proxy.counter("http.async-client.rq_total")).isEqualTo(1);
        proxy.eventually("the end", () -> proxy.gauge("cluster.plane.upstream_rq_active") == 0);
    }

    @Test
    void saysWhatItIsToldToSayOfItself() throws Exception {
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        plane((peer, _) -> got.add(request(peer).fields()));
        transport.open(service("plane", "planes.example", true), METHOD, receiver);

        assertThat(take(got)).contains(":authority: planes.example\n").doesNotContain("envoy", "forwarded");
    }

    @Test
    void streamsToOneClusterShareAConnection() throws Exception {
        plane((peer, _) -> {
            while (true) {
                Http2Peer.Frame head = peer.next(Http2Peer.HEADERS);
                if (head == null) {
                    return;
                }
                peer.headers(head.stream(), false, ":status", "200", "content-type", "application/grpc")
                        .data(head.stream(), frame("hello"), false);
            }
        });
        for (int i = 0; i < 3; i++) {
            open().more();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(take(messages)).isEqualTo("hello");
        }
        assertThat(requireNonNull(upstream).connections()).isEqualTo(1);
    }

    @Test
    void whatIsNotAskedForStaysWithThePeer() throws Exception {
        int count = 10_000;
        AtomicInteger sent = new AtomicInteger();
        plane((peer, _) -> {
            String update = frame("u".repeat(500));
            Map<Integer, Long> windows = new TreeMap<>(Map.of(0, 65_535L, 1, 65_535L));
            boolean begun = false;
            int left = count;
            while (left > 0) {
                if (begun && windows.values().stream().allMatch(window -> window >= update.length())) {
                    peer.data(1, update, false);
                    windows.replaceAll((_, window) -> window - update.length());
                    sent.incrementAndGet();
                    left--;
                    continue;
                }
                Http2Peer.Frame frame = requireNonNull(peer.next());
                switch (frame.type()) {
                    case Http2Peer.HEADERS -> {
                        peer.headers(1, false, ":status", "200", "content-type", "application/grpc");
                        begun = true;
                    }
                    case Http2Peer.WINDOW_UPDATE -> windows.merge(frame.stream(), (long) frame.number(), Long::sum);
                    case Http2Peer.SETTINGS -> windows.merge(1, initialWindow(frame) - 65_535L, Long::sum);
                    default -> {}
                }
            }
            peer.headers(1, true, "grpc-status", "0");
            drain(peer);
        });
        Transport.Call call = open();
        call.more();
        assertThat(take(messages)).hasSize(500);
        // Until it is stuck; what it has sent by then is what is held for a reader that does not come.
        AtomicInteger before = new AtomicInteger(-1);
        proxy.eventually("no more room", () -> before.getAndSet(sent.get()) == sent.get() && sent.get() > 400);
        assertThat(sent.get() * 505).isLessThanOrEqualTo(256 * 1024 + 2 * 505);
        assertThat(messages).isEmpty();
        assertThat(ends).isEmpty();

        for (int i = 1; i < count; i++) {
            call.more();
            assertThat(take(messages)).hasSize(500);
        }
        assertThat(take(ends)).isEqualTo(new Closed(0, ""));
    }

    private static long initialWindow(Http2Peer.Frame settings) {
        var payload = Unpooled.wrappedBuffer(settings.payload());
        long window = 65_535;
        while (payload.isReadable()) {
            int id = payload.readUnsignedShort();
            long value = payload.readUnsignedInt();
            window = id == Http2Peer.INITIAL_WINDOW_SIZE ? value : window;
        }
        return window;
    }

    @Test
    void theEndIsToldBehindWhatCameBeforeIt() throws Exception {
        plane((peer, _) -> {
            begun(peer).data(1, frame("one") + frame("two"), false).headers(1, true, "grpc-status", "7");
            drain(peer);
        });
        Transport.Call call = open();
        call.more();
        assertThat(take(messages)).isEqualTo("one");
        proxy.eventually("the end", () -> proxy.gauge("cluster.plane.upstream_rq_active") == 0);
        assertThat(ends).isEmpty();

        call.more();
        assertThat(take(messages)).isEqualTo("two");
        assertThat(take(ends).status()).isEqualTo(7);
    }

    @Test
    void aFinishedStreamEndsBehindWhatWasSentAndIsStillAnswered() throws Exception {
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        plane((peer, _) -> {
            request(peer);
            StringBuilder sent = new StringBuilder();
            Http2Peer.Frame data;
            do {
                data = requireNonNull(peer.next(Http2Peer.DATA));
                sent.append(new String(data.payload(), ISO_8859_1));
            } while ((data.flags() & END_STREAM) == 0);
            got.add(sent.toString());
            peer.headers(1, false, ":status", "200", "content-type", "application/grpc")
                    .headers(1, true, "grpc-status", "0");
            drain(peer);
        });
        Transport.Call call = open();
        call.send(bytes("one"));
        call.send(bytes("two"));
        call.finish();

        assertThat(take(got)).isEqualTo(frame("one") + frame("two"));
        assertThat(take(ends)).isEqualTo(new Closed(0, ""));
    }

    @Test
    void aCancelledStreamIsReset() throws Exception {
        BlockingQueue<Integer> resets = new LinkedBlockingQueue<>();
        plane((peer, _) -> {
            begun(peer).data(1, frame("one"), false);
            resets.add(requireNonNull(peer.next(Http2Peer.RST_STREAM)).stream());
        });
        Transport.Call call = open();
        call.more();
        take(messages);
        call.cancel();
        call.send(bytes(""));
        call.more();

        assertThat(take(resets)).isEqualTo(1);
        proxy.eventually("the end", () -> proxy.gauge("cluster.plane.upstream_rq_active") == 0);
        assertThat(ends).isEmpty();
    }
}
