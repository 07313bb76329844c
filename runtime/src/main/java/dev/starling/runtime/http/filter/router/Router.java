package dev.starling.runtime.http.filter.router;

import dev.starling.config.http.RouterConfig;
import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.http.filter.Chunk;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.http.filter.TerminalFilter;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.route.DirectResponse;
import dev.starling.runtime.route.Forward;
import dev.starling.runtime.route.Redirect;
import dev.starling.runtime.route.RouteResult;
import dev.starling.runtime.upstream.LoopCluster;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The router of one exchange. What the filters let through is noted; in its turn it routes, and answers itself or has the
 * request {@linkplain Forwarding forwarded}. Confined to the loop.
 */
final class Router implements TerminalFilter {

    private final ExchangeContext context;
    private final Loop loop;
    private final ProxyContext proxy;
    private final RouterConfig config;
    private final RouterStats stats;

    private @Nullable RequestHead head;
    private final RequestBody body = new RequestBody();
    private boolean started;
    private boolean abandoned;
    private @Nullable Forwarding forwarding;

    Router(ExchangeContext context, ProxyContext proxy, RouterConfig config, RouterStats stats) {
        this.context = context;
        this.loop = context.loop();
        this.proxy = proxy;
        this.config = config;
        this.stats = stats;
    }

    // ---- the request, as the filters let it through ---------------------------------------------------------------

    @Override
    public Flow onRequestHead(RequestHead newHead, boolean endStream) {
        head = newHead;
        body.begin(newHead, endStream);
        context.wake();
        return Flow.CONTINUE;
    }

    @Override
    public Flow onRequestData(Chunk chunk, boolean endStream) {
        body.add(chunk.take(), endStream);
        if (forwarding != null) {
            forwarding.giveUpRetriesIfTooLarge();
        }
        context.wake();
        return Flow.CONTINUE;
    }

    @Override
    public Flow onRequestTrailers(Headers newTrailers) {
        body.end(newTrailers);
        context.wake();
        return Flow.CONTINUE;
    }

    @Override
    public boolean accepting() {
        return abandoned || (forwarding != null && forwarding.accepting());
    }

    // ---- its turn -------------------------------------------------------------------------------------------------

    @Override
    public void turn() {
        if (!started && head != null) {
            started = true;
            route(head);
        }
        if (forwarding != null) {
            forwarding.turn();
        }
    }

    private void route(RequestHead request) {
        stats.total().inc(loop.stats());
        RouteResult route = context.route();
        switch (route) {
            case null -> {
                stats.noRoute().inc(loop.stats());
                context.sendLocalReply(LocalReply.of(404, "", ResponseFlag.NR, "route_not_found"));
            }
            case Redirect redirect -> answer(redirect.status(), "", redirect.location());
            case DirectResponse direct ->
                answer(direct.status(), new String(direct.body(), StandardCharsets.UTF_8), direct.location());
            case Forward to -> forward(to, request);
        }
    }

    private void answer(int status, String text, String location) {
        stats.directResponse().inc(loop.stats());
        Headers headers = new Headers();
        if (!location.isEmpty()) {
            headers.add(HeaderName.LOCATION, location);
        }
        context.sendLocalReply(new LocalReply(status, text, null, "direct_response", headers));
    }

    private void forward(Forward to, RequestHead request) {
        LoopCluster cluster =
                to.cluster() == null ? null : proxy.clustersOf(loop).cluster(to.cluster());
        if (cluster == null) {
            stats.noCluster().inc(loop.stats());
            context.sendLocalReply(
                    LocalReply.of(to.action().clusterNotFoundStatus(), "", ResponseFlag.NC, "cluster_not_found"));
            return;
        }
        forwarding = new Forwarding(context, proxy, config, to, cluster, body);
        forwarding.start(request);
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    @Override
    public void responseConsumed(int bytes) {
        if (forwarding != null) {
            forwarding.responseConsumed(bytes);
        }
    }

    @Override
    public void abandon() {
        abandoned = true;
        if (forwarding != null) {
            forwarding.abandon();
        }
        body.release();
    }

    @Override
    public void onEnd() {
        abandon();
        if (forwarding != null) {
            forwarding.release();
        }
    }
}
