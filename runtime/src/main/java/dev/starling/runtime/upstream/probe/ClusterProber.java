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
import dev.starling.runtime.upstream.PoolProtocol;
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
        EndpointTls tls = tls(endpoint, check);
        return switch (check.probe()) {
            case HealthCheck.Probe.Http http -> {
                var request = new HealthRequest(http, endpoint, clusterName, formats);
                yield http.http2()
                        ? http2(endpoint, check, tls, request)
                        : new HttpProbe(asked(endpoint, check, tls), request, null);
            }
            case HealthCheck.Probe.Grpc grpc ->
                http2(endpoint, check, tls, new GrpcQuestion(grpc, check.timeout(), endpoint, clusterName, formats));
            case HealthCheck.Probe.Tcp tcp -> new TcpProbe(asked(endpoint, check, tls), tcp);
        };
    }

    /** Counted by the statistics of the cluster, as in Envoy. */
    private Probe http2(Endpoint endpoint, HealthCheck check, @Nullable EndpointTls tls, Question question) {
        return new HttpProbe(
                asked(endpoint, check, tls == null ? null : tls.offering(PoolProtocol.HTTP_2.alpn())),
                question,
                new Http2Stats(stats.scope("cluster." + settings.statName() + ".http2.")));
    }

    private EndpointProbe.Asked asked(Endpoint endpoint, HealthCheck check, @Nullable EndpointTls tls) {
        Loop loop = loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
        return new EndpointProbe.Asked(loop, loops.transport(), settings, tls, endpoint, check.reuseConnection());
    }

    /** Where the endpoint wants to be asked: at another port, perhaps. */
    static SocketAddress address(Endpoint endpoint) {
        int port = endpoint.config().healthCheck().port();
        InetSocketAddress ip = endpoint.ipAddress();
        return port == 0 || ip == null ? endpoint.address() : new InetSocketAddress(ip.getAddress(), port);
    }

    private @Nullable EndpointTls tls(Endpoint endpoint, HealthCheck check) {
        String hostname = endpoint.config().hostname();
        return check.socketCriteria().isPresent()
                ? sockets.of(check.socketCriteria().get(), hostname)
                : sockets.of(endpoint.config().metadata(), hostname);
    }
}
