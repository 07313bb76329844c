package dev.starling.runtime.upstream.probe;

import dev.starling.config.accesslog.FormatString;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.HealthCheck;
import dev.starling.healthcheck.active.Prober;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.accesslog.Formatter;
import dev.starling.runtime.codec.http2.Http2Stats;
import dev.starling.runtime.loop.Loops;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.tls.EndpointSockets;
import dev.starling.runtime.tls.EndpointTls;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks the endpoints of one cluster with HTTP requests; each endpoint's checks run on one loop. */
public final class HttpProber implements Prober {

    private final Loops loops;
    private final Cluster settings;
    private final EndpointSockets sockets;
    private final Function<FormatString, Formatter> formats;
    private final StatsStore stats;
    private final AtomicInteger next = new AtomicInteger();

    /** @param formats compiles the values of headers to add */
    public HttpProber(
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
        };
    }

    private Probe probe(Endpoint endpoint, HealthCheck check, Question question, @Nullable Http2Stats http2) {
        int turn = Math.floorMod(next.getAndIncrement(), loops.size());
        return new HttpProbe(
                loops.get(turn),
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
