package dev.starling.runtime.http.filter.router;

import dev.starling.config.http.RouterConfig;
import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.grpc.ContentTypes;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.route.Forward;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.upstream.LoopCluster;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a cluster: has attempts made, one after the other, moves request body to the upstream and upstream
 * events to the client, and decides what a failure becomes, another attempt or a reply. Confined to the loop.
 */
final class Forwarding implements Attempt.Owner, Timeouts.Owner {

    private final ExchangeContext context;
    private final Loop loop;
    private final ProxyContext proxy;
    private final RouterConfig config;
    private final Forward to;
    private final RequestBody body;
    private final UpstreamCharge charge;
    private final Timeouts timeouts;

    private LoopCluster cluster;
    private @Nullable Attempt attempt;

    /** Null if no attempt is to follow the first. */
    private @Nullable RetryState retries;

    private boolean triedAgain;

    /** Whether the attempt before took too long. */
    private boolean lateBefore;

    private boolean begun;

    /** Something went to the client that was not yet the response. */
    private boolean interim;

    private boolean done;

    Forwarding(
            ExchangeContext context,
            ProxyContext proxy,
            RouterConfig config,
            Forward to,
            LoopCluster cluster,
            RequestBody body) {
        this.context = context;
        this.loop = context.loop();
        this.proxy = proxy;
        this.config = config;
        this.to = to;
        this.cluster = cluster;
        this.body = body;
        boolean grpc = ContentTypes.isGrpc(context.request().headers().get(HeaderName.CONTENT_TYPE));
        this.charge = new UpstreamCharge(context, config, grpc);
        this.timeouts = new Timeouts(context, config, to, grpc, this);
    }

    // ---- the request ----------------------------------------------------------------------------------------------

    void start(RequestHead request) {
        context.info().attempts = 1;
        Headers headers = request.headers();
        boolean envoyHeaders = headers.anyNameStartsWith("x-envoy-");
        retries = RetryState.of(to, request, envoyHeaders, cluster.traffic(), proxy.runtime(), loop);
        timeouts.take(headers, envoyHeaders);
        if (to.entry().includeRequestAttemptCount()) {
            headers.set(HeaderName.X_ENVOY_ATTEMPT_COUNT, 1);
        }
        timeouts.tell(headers);
        to.finalizeRequest(request, context, !config.suppressEnvoyHeaders());
        if (retries != null && retries.enabled()) {
            body.keep(to.entry().retries().bufferLimit().orElse(context.bufferLimit()));
            giveUpRetriesIfTooLarge();
        }
        startAttempt();
    }

    boolean accepting() {
        if (done || attempt == null) {
            return done || (retries != null && retries.waiting() && !body.held());
        }
        return attempt.writable() && !body.held();
    }

    void turn() {
        if (attempt != null) {
            attempt.turn();
            sendBody();
        }
        if (!done) {
            timeouts.start();
        }
    }

    /** Moves what has come of the body to the upstream. */
    private void sendBody() {
        Attempt current = attempt;
        if (current != null && current.ready() && body.sendTo(current)) {
            context.info().upstreamRequestCompleteNanos = loop.nanoTime();
        }
    }

    // ---- attempts -------------------------------------------------------------------------------------------------

    private void startAttempt() {
        if (AttemptStart.start(context, to, cluster, this, retries) == null) {
            noEndpoint();
        }
    }

    @Override
    public void onStarting(Attempt started) {
        attempt = started;
        int attempts = context.info().attempts;
        if (attempts > 1) {
            context.info().forgetUpstream();
            Headers headers = context.request().headers();
            if (to.entry().includeRequestAttemptCount()) {
                headers.set(HeaderName.X_ENVOY_ATTEMPT_COUNT, attempts);
            }
            if (to.entry().includeIsTimeoutRetryHeader()) {
                headers.set(HeaderName.X_ENVOY_IS_TIMEOUT_RETRY, Boolean.toString(lateBefore));
            }
            timeouts.tell(headers);
        }
    }

    private void noEndpoint() {
        charge.count(stats(), 503);
        reply(LocalReply.of(503, "no healthy upstream", ResponseFlag.UH, "no_healthy_upstream"));
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
        timeouts.attemptReady(ready);
        to.rewriteHost(context.request(), ready.endpoint(), !config.suppressEnvoyHeaders() && !triedAgain);
        ready.writeHead(context.request(), headEnds);
        sendBody();
        context.acceptingAgain();
    }

    @Override
    public void onWritable(Attempt writable) {
        sendBody();
        context.acceptingAgain();
    }

    @Override
    public void onEvent(StreamEvent event) {
        if (done) {
            if (event instanceof StreamEvent.Data data) {
                data.bytes().release();
            }
            return;
        }
        timeouts.heard();
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
                charge.trailers(last.headers());
                completed();
                context.respondTrailers(last.headers());
            }
            case StreamEvent.Reset reset -> failed(reset.reason(), reset.detail());
            case RequestHead wrong -> throw new IllegalStateException("request head from an upstream");
        }
    }

    private void responseHead(ResponseHead response) {
        if (response.informational()) {
            charge.count(stats(), response.status());
            endRetries();
            interim = true;
            context.respond(response, false);
            return;
        }
        StreamInfo info = context.info();
        info.upstreamResponseNanos = loop.nanoTime();
        Attempt current = Objects.requireNonNull(attempt);
        current.cluster().traffic().outliers().onResponse(current.endpoint(), charge.answered(response));
        begun = true;
        if (retries != null && retried(retries.afterHead(response, current), false)) {
            charge.countRetried(stats(), response.status());
            return;
        }
        endRetries();
        info.responseCodeDetails = "via_upstream";
        charge.passedOn(response, current.endpoint().state());
        if (!config.suppressEnvoyHeaders() && context.requestComplete()) {
            long millis = TimeUnit.NANOSECONDS.toMillis(info.upstreamResponseNanos - info.requestCompleteNanos);
            response.headers().set(HeaderName.X_ENVOY_UPSTREAM_SERVICE_TIME, Math.max(0, millis));
        }
        if (to.entry().includeAttemptCountInResponse()) {
            response.headers().set(HeaderName.X_ENVOY_ATTEMPT_COUNT, info.attempts);
        }
        if (Handshake.failed(context.request(), response)) {
            info.responseCodeDetails = Handshake.FAILED;
            response.headers().remove(HeaderName.CONTENT_LENGTH);
            abandon();
            context.respond(response, true);
            return;
        }
        charge.count(stats(), response.status());
        if (response.opensTunnel()) {
            timeouts.letGo();
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
        charge.completed(stats(), Objects.requireNonNull(attempt).endpoint().state(), now);
        body.release();
    }

    private ClusterStats stats() {
        return cluster.traffic().stats();
    }

    // ---- retries --------------------------------------------------------------------------------------------------

    /** To be asked whenever more of the body has come. */
    void giveUpRetriesIfTooLarge() {
        if (retries == null || !body.tooLarge()) {
            return;
        }
        boolean waiting = retries.waiting();
        stats().retryOrShadowAbandoned.inc(loop.stats());
        endRetries();
        if (waiting) {
            reply(LocalReply.of(
                    507,
                    "exceeded request buffer limit while retrying upstream",
                    null,
                    "request_payload_exceeded_retry_buffer_limit"));
        }
    }

    /** No attempt follows. */
    private void endRetries() {
        if (retries != null) {
            retries.end();
            retries = null;
            body.forget();
        }
    }

    /** Whether the attempt, which has failed, is to be followed by another; if so it is no more. */
    private boolean retried(RetryState.Decision decision, boolean late) {
        return switch (decision) {
            case FINAL -> false;
            case OVERFLOW -> {
                context.flag(ResponseFlag.UO);
                yield false;
            }
            case LIMIT_EXCEEDED -> {
                context.flag(ResponseFlag.URX);
                yield false;
            }
            case RETRY -> {
                dropAttempt();
                lateBefore = late;
                Objects.requireNonNull(retries).await(context, this::tryAgain);
                context.acceptingAgain();
                yield true;
            }
        };
    }

    private boolean retriedReset(Attempt failed, StreamReset reason, boolean late) {
        begun |= failed.begun();
        if (retries != null && reason == StreamReset.LOCAL_RESET) {
            failed.abandon();
        }
        return retries != null && !context.responding() && retried(retries.afterReset(reason, begun), late);
    }

    /** The attempt has failed, and what it still has to say is of no interest. */
    private void dropAttempt() {
        Attempt failed = Objects.requireNonNull(attempt);
        timeouts.attemptOver();
        failed.endpoint().state().requestsFailed().increment();
        failed.abandon();
        failed.release();
        attempt = null;
    }

    /** The wait is over: the same request once more. */
    private void tryAgain() {
        context.info().attempts++;
        body.startAgain();
        LoopCluster now = to.cluster() == null ? null : proxy.clustersOf(loop).cluster(to.cluster());
        if (now == null) {
            noEndpoint();
            return;
        }
        cluster = now;
        startAttempt();
        context.wake();
    }

    // ---- failures -------------------------------------------------------------------------------------------------

    @Override
    public void onStreamFailed(Attempt failed, StreamReset reason, String transportDetail) {
        failed(reason, transportDetail);
    }

    private void failed(StreamReset reason, String transportDetail) {
        Attempt current = Objects.requireNonNull(attempt);
        if (reason == StreamReset.CONNECTION_TERMINATION
                && current.untouched()
                && !triedAgain
                && body.canStartAgain()) {
            // the idle connection was closed before a byte of the request was written: nobody has seen it
            triedAgain = true;
            timeouts.attemptOver();
            body.startAgain();
            startAttempt();
            return;
        }
        if (reason != StreamReset.OVERFLOW) {
            current.cluster().traffic().outliers().onLocalOriginFailure(current.endpoint());
        }
        if (current.turnedAway()) {
            context.info().upstreamHost = "";
            context.info().upstreamHostAddress = null;
        }
        context.info().upstreamTransportFailure = transportDetail;
        UpstreamFailure failure = UpstreamFailure.of(reason, transportDetail, context.info().attempts > 1);
        if (context.responding()) {
            done = true;
            charge.brokeOff(current.endpoint().state());
            context.breakOff(failure.flag(), UpstreamFailure.afterResponseStarted(reason));
            return;
        }
        if (retriedReset(current, reason, false)) {
            return;
        }
        chargeInstead(current, failure.status());
        Headers headers = new Headers();
        if (reason == StreamReset.OVERFLOW && !config.suppressEnvoyHeaders()) {
            headers.add(HeaderName.X_ENVOY_OVERLOADED, "true");
        }
        String details = interim ? UpstreamFailure.afterResponseStarted(reason) : failure.details();
        reply(new LocalReply(failure.status(), failure.body(), failure.flag(), details, headers));
    }

    /** A reply goes out in place of the endpoint's, unless that had begun. */
    private void chargeInstead(Attempt failed, int status) {
        if (interim || context.responding()) {
            charge.brokeOff(failed.endpoint().state());
            return;
        }
        charge.count(stats(), status);
        if (!failed.turnedAway()) {
            failed.endpoint().state().requestsFailed().increment();
        }
    }

    /** While the next attempt waits it is nobody's fault. */
    @Override
    public void timedOut() {
        if (attempt != null) {
            stats().rqTimeout.inc(loop.stats());
            if (context.responding()) {
                attempt.endpoint().state().requestsTimedOut().increment();
            } else {
                countTimeout(attempt);
                chargeInstead(attempt, timeouts.status());
            }
        }
        replyTimeout("response_timeout");
    }

    private static void countTimeout(Attempt late) {
        late.cluster().traffic().outliers().onLocalOriginTimeout(late.endpoint(), 504);
        late.endpoint().state().requestsTimedOut().increment();
    }

    private void replyTimeout(String details) {
        if (context.responding()) {
            abandon();
            context.breakOff(ResponseFlag.UT, details);
            return;
        }
        reply(LocalReply.of(timeouts.status(), timeouts.text(), ResponseFlag.UT, details));
    }

    @Override
    public void perTryTimedOut() {
        if (interim || context.responding()) {
            timeouts.attemptGoesOn();
        } else {
            attemptTimedOut(stats().rqPerTryTimeout, "upstream_per_try_timeout");
        }
    }

    @Override
    public void perTryIdleTimedOut() {
        attemptTimedOut(stats().rqPerTryIdleTimeout, "upstream_per_try_idle_timeout");
    }

    private void attemptTimedOut(Counter counter, String details) {
        Attempt late = Objects.requireNonNull(attempt);
        counter.inc(loop.stats());
        countTimeout(late);
        if (!retriedReset(late, StreamReset.LOCAL_RESET, true)) {
            chargeInstead(late, timeouts.status());
            replyTimeout(details);
        }
    }

    @Override
    public void lastedTooLong() {
        Attempt late = Objects.requireNonNull(attempt);
        late.cluster().traffic().stats().rqMaxDurationReached.inc(loop.stats());
        if (retriedReset(late, StreamReset.LOCAL_RESET, false)) {
            return;
        }
        if (context.responding()) {
            abandon();
            context.breakOff(ResponseFlag.UMSDR, "upstream_max_stream_duration_reached");
            return;
        }
        reply(LocalReply.of(
                context.requestComplete() ? 504 : 408,
                "upstream max stream duration reached",
                ResponseFlag.UMSDR,
                "upstream_max_stream_duration_reached"));
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    private void reply(LocalReply reply) {
        if (!to.entry().includeAttemptCountInResponse()) {
            context.sendLocalReply(reply);
            return;
        }
        Headers headers = reply.headers() == null ? new Headers() : reply.headers();
        headers.set(HeaderName.X_ENVOY_ATTEMPT_COUNT, context.info().attempts);
        context.sendLocalReply(reply.withHeaders(headers));
    }

    void responseConsumed(int bytes) {
        if (attempt != null) {
            attempt.consumed(bytes);
        }
    }

    void abandon() {
        done = true;
        cancelTimers();
        if (attempt != null) {
            attempt.abandon();
        }
        body.release();
    }

    private void cancelTimers() {
        timeouts.cancel();
        endRetries();
    }

    void release() {
        if (attempt != null) {
            attempt.release();
        }
    }
}
