package dev.starling.runtime.upstream.probe;

import dev.starling.config.accesslog.FormatString;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.HealthCheck;
import dev.starling.healthcheck.active.Prober;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.accesslog.Formatter;
import dev.starling.runtime.codec.http2.Http2Stats;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.Loops;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.tls.EndpointSockets;
import dev.starling.runtime.tls.EndpointTls;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks the endpoints of one cluster, over connections of their own; each endpoint's checks run on one loop. */
public final class ClusterProber implements Prober {

    private final Loops loops;
    private final Cluster settings;
    private final EndpointSockets sockets;
    private final Function<FormatString, Formatter> formats;
    private final StatsStore stats;
    private final AtomicInteger next = new AtomicInteger();

    /** @param formats compiles the values of headers to add */
    public ClusterProber(
            Loops loops,
            Cluster settings,
            EndpointSockets sockets,
            Function<FormatString, Formatter> formats,
            StatsStore stats) {
        this.loops = loops;
        this.settings = settings;
        this.sockets = sockets;
        this.formats = formats;
        this.stats = stats;
    }

    @Override
    public Probe prepare(Endpoint endpoint, HealthCheck check, String clusterName) {
        return switch (check.probe()) {
            case HealthCheck.Probe.Http http ->
                probe(
                        endpoint,
                        check,
                        new HealthRequest(http, endpoint, clusterName, formats),
                        http.http2() ? http2Stats() : null);
            case HealthCheck.Probe.Grpc grpc ->
                probe(
                        endpoint,
                        check,
                        new GrpcQuestion(grpc, check.timeout(), endpoint, clusterName, formats),
                        http2Stats());
            case HealthCheck.Probe.Tcp tcp ->
                new TcpProbe(
                        nextLoop(),
                        loops.transport(),
                        settings,
                        tls(endpoint, check),
                        endpoint,
                        check.reuseConnection(),
                        tcp);
        };
    }

    private Loop nextLoop() {
        return loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
    }

    /** Where the endpoint wants to be asked: at another port, perhaps. */
    static SocketAddress address(Endpoint endpoint) {
        int port = endpoint.config().healthCheck().port();
        InetSocketAddress ip = endpoint.ipAddress();
        return port == 0 || ip == null ? endpoint.address() : new InetSocketAddress(ip.getAddress(), port);
    }

    private Probe probe(Endpoint endpoint, HealthCheck check, Question question, @Nullable Http2Stats http2) {
        return new HttpProbe(
                nextLoop(),
                loops.transport(),
                settings,
                tls(endpoint, check),
                endpoint,
                check.reuseConnection(),
                question,
                http2);
    }

    private @Nullable EndpointTls tls(Endpoint endpoint, HealthCheck check) {
        String hostname = endpoint.config().hostname();
        return check.socketCriteria().isPresent()
                ? sockets.of(check.socketCriteria().get(), hostname)
                : sockets.of(endpoint.config().metadata(), hostname);
    }

    /** Those of the cluster, as in Envoy. */
    private Http2Stats http2Stats() {
        return new Http2Stats(stats.scope("cluster." + settings.statName() + ".http2."));
    }
}
