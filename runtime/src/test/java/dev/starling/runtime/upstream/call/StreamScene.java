package dev.starling.runtime.upstream.call;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.ByteCount;
import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.discovery.GrpcService;
import dev.starling.config.discovery.GrpcService.Backoff;
import dev.starling.config.discovery.GrpcService.Metadatum;
import dev.starling.config.discovery.GrpcService.Target;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.http.Http2Peer;
import dev.starling.runtime.http.RawUpstream;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.xds.transport.Transport;
import dev.starling.xds.transport.Transport.Closed;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Streams of gRPC through the pool of a cluster whose other end is written frame by frame. */
class StreamScene {

    static final String METHOD = "pack.Service/Method";
    static final int MAX_MESSAGE = 100_000;
    static final String CONNECT_ERROR = "upstream connect error or disconnect/reset before headers. reset reason: ";

    final ProxyFixture proxy = ProxyFixture.start();
    final OwnClusters clusters = new OwnClusters(
            proxy.loop(),
            proxy.context().clustersOf(proxy.loop()),
            proxy.context().clusters(),
            proxy.context().stats().scope("http.async-client.").counter("rq_total"),
            "192.0.2.7");
    final Transport transport = new ClusterTransport(clusters);
    final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<Closed> ends = new LinkedBlockingQueue<>();

    @Nullable
    RawUpstream upstream;

    final Transport.Receiver receiver = new Transport.Receiver() {
        @Override
        public void message(ByteBuffer message) {
            messages.add(StandardCharsets.UTF_8.decode(message).toString());
        }

        @Override
        public void closed(Closed why) {
            ends.add(why);
        }
    };

    /** What the control plane does with its one connection. */
    interface Plane {
        void serve(Http2Peer peer, RawUpstream.Connection connection) throws IOException;
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        if (upstream != null) {
            upstream.close();
        }
    }

    void plane(Plane plane) throws IOException {
        upstream = new RawUpstream(connection -> plane.serve(Http2Peer.begin(connection), connection));
        publish(CircuitBreakers.DEFAULT, upstream.address());
    }

    void publish(CircuitBreakers limits, InetSocketAddress... endpoints) {
        proxy.publish(ProxyFixture.clusterOfHttp2("plane", limits), OutlierMonitor.OFF, endpoints);
    }

    static GrpcService service(String cluster, String authority, boolean skipEnvoyHeaders) {
        return new GrpcService(
                new Target.Cluster(cluster, authority, new ByteCount(MAX_MESSAGE), skipEnvoyHeaders),
                List.of(new Metadatum("x-token", "t"), new Metadatum("x-token", "u")),
                Backoff.DEFAULT);
    }

    Transport.Call open() {
        return transport.open(service("plane", "", false), METHOD, receiver);
    }

    static ByteBuffer bytes(String message) {
        return StandardCharsets.UTF_8.encode(message);
    }

    static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
        T taken = queue.poll(30, TimeUnit.SECONDS);
        assertThat(taken).isNotNull();
        return taken;
    }

    static String frame(String message) {
        return framed(0, message.length()) + message;
    }

    static String framed(int flags, int length) {
        return new String(
                ByteBufUtil.getBytes(Unpooled.buffer().writeByte(flags).writeInt(length)), ISO_8859_1);
    }

    static Http2Peer.Frame request(Http2Peer peer) throws IOException {
        return requireNonNull(peer.next(Http2Peer.HEADERS));
    }

    static Http2Peer begun(Http2Peer peer) throws IOException {
        return peer.headers(request(peer).stream(), false, ":status", "200", "content-type", "application/grpc");
    }

    /** Reads until the end. */
    static void drain(Http2Peer peer) throws IOException {
        while (peer.next() != null) {}
    }
}
