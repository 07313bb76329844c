package dev.starling.runtime.http.filter.router;

import dev.starling.config.http.RouterConfig;
import dev.starling.lb.Endpoint;
import dev.starling.lb.Pick;
import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.cluster.OriginalDestinations;
import dev.starling.runtime.grpc.ContentTypes;
import dev.starling.runtime.grpc.GrpcStatus;
import dev.starling.runtime.http.filter.Chunk;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.http.filter.TerminalFilter;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.proxyprotocol.ProxyHeader;
import dev.starling.runtime.route.DirectResponse;
import dev.starling.runtime.route.Forward;
import dev.starling.runtime.route.Redirect;
import dev.starling.runtime.route.RouteResult;
import dev.starling.runtime.stats.CodeStats;
import dev.starling.runtime.upstream.LoopCluster;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The router of one exchange. What the filters let through is noted; in its turn it routes, starts an attempt, moves
 * request body to the upstream and upstream events to the client, and decides what a failure becomes. Confined to the
 * loop.
 */
final class Router implements TerminalFilter, Attempt.Owner {

    private final ExchangeContext context;
    private final Loop loop;
    private final ProxyContext proxy;
    private final RouterConfig config;
    private final RouterStats stats;

    private final TimerWheel.Timer timeout;

    /** Of the attempt, where the cluster limits it. */
    private TimerWheel.@Nullable Timer streamDuration;

    private @Nullable RequestHead head;
    private final RequestBody body = new RequestBody();
    private boolean started;
    private boolean done;

    private boolean grpc;
    /** Of the upstream's answer: in its head, where it is nothing but trailers, or in its trailers. */
    private int grpcStatus = GrpcStatus.NONE;

    private int upstreamStatus;

    private @Nullable Forward forward;
    private @Nullable LoopCluster cluster;
    private @Nullable Attempt attempt;
    private long timeoutNanos;
    private boolean timeoutArmed;
    private boolean alternativeTimeoutReply;
    private boolean triedAgain;

    Router(ExchangeContext context, ProxyContext proxy, RouterConfig config, RouterStats stats) {
        this.context = context;
        this.loop = context.loop();
        this.timeout = context.timer(this::timedOut);
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
        return done || (attempt != null && attempt.writable() && !body.held());
    }

    // ---- its turn -------------------------------------------------------------------------------------------------

    @Override
    public void turn() {
        if (!started && head != null) {
            started = true;
            route(head);
        }
        if (attempt != null) {
            attempt.turn();
            sendBody();
        }
        if (!timeoutArmed && timeoutNanos > 0 && !done && (context.requestComplete() || Handshake.awaited(context))) {
            timeoutArmed = true;
            loop.timers().arm(timeout, timeoutNanos);
        }
    }

    private void route(RequestHead request) {
        stats.total().inc(loop.stats());
        RouteResult route = context.route();
        switch (route) {
            case null -> {
                stats.noRoute().inc(loop.stats());
                reply(404, "", ResponseFlag.NR, "route_not_found");
            }
            case Redirect redirect -> {
                stats.directResponse().inc(loop.stats());
                reply(redirect.status(), "", redirect.location());
            }
            case DirectResponse direct -> {
                stats.directResponse().inc(loop.stats());
                reply(direct.status(), new String(direct.body(), StandardCharsets.UTF_8), direct.location());
            }
            case Forward to -> forward(to, request);
        }
    }

    private void forward(Forward to, RequestHead request) {
        forward = to;
        grpc = ContentTypes.isGrpc(request.headers().get(HeaderName.CONTENT_TYPE));
        cluster = to.cluster() == null ? null : proxy.clustersOf(loop).cluster(to.cluster());
        if (cluster == null) {
            stats.noCluster().inc(loop.stats());
            reply(to.action().clusterNotFoundStatus(), "", ResponseFlag.NC, "cluster_not_found");
            return;
        }
        context.info().attempts = 1;
        Headers headers = request.headers();
        timeoutNanos = RequestTimeout.take(to, headers, grpc, config);
        alternativeTimeoutReply = headers.remove(HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_ALT_RESPONSE);
        if (to.entry().includeRequestAttemptCount()) {
            headers.set(HeaderName.X_ENVOY_ATTEMPT_COUNT, 1);
        }
        if (timeoutNanos > 0 && !config.suppressEnvoyHeaders()) {
            headers.set(HeaderName.X_ENVOY_EXPECTED_RQ_TIMEOUT_MS, TimeUnit.NANOSECONDS.toMillis(timeoutNanos));
        }
        to.finalizeRequest(request, context, !config.suppressEnvoyHeaders());
        startAttempt();
    }

    // ---- attempts -------------------------------------------------------------------------------------------------

    private void startAttempt() {
        LoopCluster asked = Objects.requireNonNull(cluster);
        switch (asked.asksForDestination() ? asked.pick(this::destination) : asked.pick()) {
            case Pick.NoEndpoint none -> {
                asked.traffic().stats().cxNoneHealthy.inc(loop.stats());
                charge(503);
                reply(503, "no healthy upstream", ResponseFlag.UH, "no_healthy_upstream");
            }
            case Endpoint endpoint -> {
                context.info().upstreamHost = endpoint.addressText();
                context.info().upstreamHostAddress = endpoint.address();
                Objects.requireNonNull(forward)
                        .rewriteHost(context.request(), endpoint, !config.suppressEnvoyHeaders());
                LoopCluster target = asked.picked();
                attempt = new Attempt(this, target, endpoint);
                ProxyHeader told = target.tellsClients() ? context.connection().proxyHeader() : null;
                if (Handshake.endsHere(forward.action(), context.request())) {
                    TcpTunnel.open(
                            loop,
                            target,
                            attempt,
                            target.preamble(told),
                            Handshake.header(forward.action(), context.connection()));
                } else {
                    target.pool(
                                    endpoint,
                                    forward.action().priority(),
                                    context.request().protocol(),
                                    told,
                                    RequestNames.of(
                                            context.request(),
                                            asked.settings().http().autoNames()))
                            .newStream(attempt);
                }
            }
        }
    }

    /** Where the request is to go in a cluster of original destinations: a header says, or the connection. */
    private @Nullable InetSocketAddress destination(Optional<String> header) {
        String named = header.map(context.request().headers()::get).orElse(null);
        if (named != null) {
            InetSocketAddress address = OriginalDestinations.parse(named);
            if (address != null) {
                return address;
            }
            Objects.requireNonNull(cluster)
                    .traffic()
                    .stats()
                    .originalDstHostInvalid
                    .inc(loop.stats());
        }
        return context.connection().originalDestination();
    }

    @Override
    public void wake() {
        context.wake();
    }

    @Override
    public void onStreamReady(Attempt ready) {
        StreamInfo info = context.info();
        info.upstreamRemoteAddress = ready.endpoint().address();
        info.upstreamLocalAddress = ready.localAddress();
        info.upstreamTls = ready.tls();
        info.upstreamProtocol = ready.protocol();
        info.upstreamRequestNanos = loop.nanoTime();
        boolean headEnds = body.startsWithAll();
        if (headEnds) {
            info.upstreamRequestCompleteNanos = info.upstreamRequestNanos;
        }
        ready.cluster().settings().http().maxStreamDuration().ifPresent(limit -> {
            cancelStreamDuration();
            streamDuration = context.timer(this::lastedTooLong);
            loop.timers().arm(streamDuration, limit.toNanos());
        });
        ready.writeHead(context.request(), headEnds);
        sendBody();
        context.acceptingAgain();
    }

    @Override
    public void onWritable(Attempt writable) {
        sendBody();
        context.acceptingAgain();
    }

    /** Moves what has come of the body to the upstream. */
    private void sendBody() {
        Attempt current = attempt;
        if (current != null && current.ready() && body.sendTo(current)) {
            context.info().upstreamRequestCompleteNanos = loop.nanoTime();
        }
    }

    @Override
    public void onEvent(StreamEvent event) {
        if (done) {
            if (event instanceof StreamEvent.Data data) {
                data.bytes().release();
            }
            return;
        }
        switch (event) {
            case ResponseHead response -> responseHead(response);
            case StreamEvent.Data data -> {
                boolean end = data.endStream();
                if (end) {
                    completed();
                }
                context.respond(data.bytes(), end);
            }
            case StreamEvent.Trailers last -> {
                if (grpc && grpcStatus == GrpcStatus.NONE) {
                    grpcStatus = GrpcStatus.parse(last.headers().get(HeaderName.GRPC_STATUS));
                }
                completed();
                context.respondTrailers(last.headers());
            }
            case StreamEvent.Reset reset -> failed(reset.reason(), reset.detail());
            case RequestHead wrong -> throw new IllegalStateException("request head from an upstream");
        }
    }

    private void responseHead(ResponseHead response) {
        StreamInfo info = context.info();
        if (response.informational()) {
            charge(response.status());
            context.respond(response, false);
            return;
        }
        info.upstreamResponseNanos = loop.nanoTime();
        info.responseCodeDetails = "via_upstream";
        upstreamStatus = response.status();
        Attempt current = Objects.requireNonNull(attempt);
        grpcStatus = grpc ? GrpcStatus.parse(response.headers().get(HeaderName.GRPC_STATUS)) : GrpcStatus.NONE;
        current.cluster()
                .traffic()
                .outliers()
                .onResponse(
                        current.endpoint(),
                        grpcStatus == GrpcStatus.NONE ? response.status() : GrpcStatus.toHttp(grpcStatus));
        if (!config.suppressEnvoyHeaders() && context.requestComplete()) {
            response.headers()
                    .set(
                            HeaderName.X_ENVOY_UPSTREAM_SERVICE_TIME,
                            Math.max(
                                    0,
                                    TimeUnit.NANOSECONDS.toMillis(
                                            info.upstreamResponseNanos - info.requestCompleteNanos)));
        }
        Forward route = Objects.requireNonNull(forward);
        if (route.entry().includeAttemptCountInResponse()) {
            response.headers().set(HeaderName.X_ENVOY_ATTEMPT_COUNT, info.attempts);
        }
        if (Handshake.failed(context.request(), response)) {
            info.responseCodeDetails = Handshake.FAILED;
            response.headers().remove(HeaderName.CONTENT_LENGTH);
            abandon();
            context.respond(response, true);
            return;
        }
        charge(response.status());
        if (response.opensTunnel()) {
            timeout.cancel();
            body.letGo();
        }
        if (response.endStream()) {
            completed();
        }
        context.respond(response, response.endStream());
        sendBody();
        context.acceptingAgain();
    }

    /** The response has been received completely. */
    private void completed() {
        done = true;
        cancelTimers();
        long now = loop.nanoTime();
        context.info().upstreamResponseCompleteNanos = now;
        Attempt current = attempt;
        if (current != null) {
            (failedAnswer()
                            ? current.endpoint().state().requestsFailed()
                            : current.endpoint().state().requestsSucceeded())
                    .increment();
        }
        if (cluster != null && context.requestComplete()) {
            cluster.traffic()
                    .stats()
                    .rqTime
                    .record(loop.stats(), TimeUnit.NANOSECONDS.toMillis(now - context.info().requestCompleteNanos));
        }
        body.release();
    }

    /** As Envoy, whose gRPC answers also fail without a status. */
    private boolean failedAnswer() {
        return upstreamStatus >= 500
                || (grpc && (grpcStatus == GrpcStatus.NONE || GrpcStatus.toHttp(grpcStatus) >= 500));
    }

    private void charge(int status) {
        ClusterStats clusterStats = Objects.requireNonNull(cluster).traffic().stats();
        if (!config.dynamicStats()) {
            return;
        }
        CodeStats byOrigin = context.request().headers().contains(HeaderName.X_ENVOY_INTERNAL)
                ? clusterStats.internalCodes
                : clusterStats.externalCodes;
        if (grpc && config.suppressGrpcCodeStats()) {
            clusterStats.codes.recordCompleted(loop.stats());
        } else {
            clusterStats.codes.record(loop.stats(), status);
        }
        byOrigin.record(loop.stats(), status);
    }

    @Override
    public void onStreamFailed(Attempt failed, StreamReset reason, String transportDetail) {
        failed(reason, transportDetail);
    }

    private void failed(StreamReset reason, String transportDetail) {
        Attempt current = Objects.requireNonNull(attempt);
        if (reason == StreamReset.CONNECTION_TERMINATION && current.untouched() && !triedAgain) {
            // the idle connection was closed before a byte of the request was written: nobody has seen it
            triedAgain = true;
            startAttempt();
            return;
        }
        if (reason != StreamReset.OVERFLOW) {
            current.cluster().traffic().outliers().onLocalOriginFailure(current.endpoint());
            current.endpoint().state().requestsFailed().increment();
        }
        if (current.turnedAway()) {
            context.info().upstreamHost = "";
            context.info().upstreamHostAddress = null;
        }
        context.info().upstreamTransportFailure = transportDetail;
        if (context.responding()) {
            done = true;
            context.breakOff(
                    UpstreamFailure.of(reason, transportDetail).flag(), UpstreamFailure.afterResponseStarted(reason));
            return;
        }
        UpstreamFailure failure = UpstreamFailure.of(reason, transportDetail);
        charge(failure.status());
        Headers headers = new Headers();
        if (reason == StreamReset.OVERFLOW && !config.suppressEnvoyHeaders()) {
            headers.add(HeaderName.X_ENVOY_OVERLOADED, "true");
        }
        reply(new LocalReply(failure.status(), failure.body(), failure.flag(), failure.details(), headers));
    }

    private void timedOut() {
        Objects.requireNonNull(cluster).traffic().stats().rqTimeout.inc(loop.stats());
        Attempt current = attempt;
        if (current != null) {
            current.cluster().traffic().outliers().onLocalOriginTimeout(current.endpoint(), 504);
            current.endpoint().state().requestsTimedOut().increment();
        }
        if (context.responding()) {
            abandon();
            context.breakOff(ResponseFlag.UT, "response_timeout");
            return;
        }
        charge(504);
        if (alternativeTimeoutReply) {
            reply(204, "", ResponseFlag.UT, "response_timeout");
        } else {
            reply(504, "upstream request timeout", ResponseFlag.UT, "response_timeout");
        }
    }

    /** The attempt takes longer than the cluster's {@code max_stream_duration}. */
    private void lastedTooLong() {
        Objects.requireNonNull(attempt)
                .cluster()
                .traffic()
                .stats()
                .rqMaxDurationReached
                .inc(loop.stats());
        if (context.responding()) {
            abandon();
            context.breakOff(ResponseFlag.UMSDR, "upstream_max_stream_duration_reached");
            return;
        }
        reply(
                context.requestComplete() ? 504 : 408,
                "upstream max stream duration reached",
                ResponseFlag.UMSDR,
                "upstream_max_stream_duration_reached");
    }

    // ---- replies, and the end -------------------------------------------------------------------------------------

    private void reply(int status, String text, String location) {
        Headers headers = new Headers();
        if (!location.isEmpty()) {
            headers.add(HeaderName.LOCATION, location);
        }
        reply(new LocalReply(status, text, null, "direct_response", headers));
    }

    private void reply(int status, String text, ResponseFlag flag, String details) {
        reply(LocalReply.of(status, text, flag, details));
    }

    private void reply(LocalReply reply) {
        if (forward == null || cluster == null || !forward.entry().includeAttemptCountInResponse()) {
            context.sendLocalReply(reply);
            return;
        }
        Headers headers = reply.headers() == null ? new Headers() : reply.headers();
        headers.set(HeaderName.X_ENVOY_ATTEMPT_COUNT, context.info().attempts);
        context.sendLocalReply(reply.withHeaders(headers));
    }

    @Override
    public void responseConsumed(int bytes) {
        if (attempt != null) {
            attempt.consumed(bytes);
        }
    }

    @Override
    public void abandon() {
        done = true;
        cancelTimers();
        if (attempt != null) {
            attempt.abandon();
        }
        body.release();
    }

    private void cancelTimers() {
        timeout.cancel();
        cancelStreamDuration();
    }

    private void cancelStreamDuration() {
        if (streamDuration != null) {
            streamDuration.cancel();
        }
    }

    @Override
    public void onEnd() {
        abandon();
        if (attempt != null) {
            attempt.release();
        }
    }
}
