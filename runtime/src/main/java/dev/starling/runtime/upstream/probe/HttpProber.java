package dev.starling.runtime.upstream.probe;

import dev.starling.config.accesslog.FormatString;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.HealthCheck;
import dev.starling.healthcheck.active.Prober;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.accesslog.Formatter;
import dev.starling.runtime.loop.Loops;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Checks the endpoints of one cluster with HTTP/1.1 requests; each endpoint's checks run on one loop. */
public final class HttpProber implements Prober {

    private final Loops loops;
    private final Cluster settings;
    private final Function<FormatString, Formatter> formats;
    private final AtomicInteger next = new AtomicInteger();

    /** @param formats compiles the values of headers to add */
    public HttpProber(Loops loops, Cluster settings, Function<FormatString, Formatter> formats) {
        this.loops = loops;
        this.settings = settings;
        this.formats = formats;
    }

    @Override
    public Probe prepare(Endpoint endpoint, HealthCheck check, String clusterName) {
        int turn = Math.floorMod(next.getAndIncrement(), loops.size());
        return switch (check.probe()) {
            case HealthCheck.Probe.Http http ->
                new HttpProbe(
                        loops.get(turn),
                        loops.transport(),
                        settings,
                        endpoint,
                        check.reuseConnection(),
                        new HealthRequest(http, endpoint, clusterName, formats));
        };
    }
}
