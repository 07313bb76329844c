package dev.starling.runtime.http.filter.router;

import dev.starling.config.http.RouterConfig;
import dev.starling.runtime.grpc.GrpcTimeout;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.route.Forward;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long one request may take, and how long each of its attempts: kept from when the whole request is here. Confined to the
 * loop.
 */
final class Timeouts {

    private final ExchangeContext context;
    private final RouterConfig config;
    private final Forward to;
    private final boolean grpc;
    private final Owner owner;
    private final TimerWheel.Timer whole;

    private long allNanos;
    private long perTryNanos;

    /** Of an attempt's stream, as a header says; 0 for what its cluster says. */
    private long durationNanos;

    private boolean armed;
    private boolean alternativeReply;
    private @Nullable AttemptTimers attempts;

    /** Whose request it is. */
    interface Owner extends AttemptTimers.Owner {

        /** All attempts together take too long. */
        void timedOut();
    }

    Timeouts(ExchangeContext context, RouterConfig config, Forward to, boolean grpc, Owner owner) {
        this.context = context;
        this.config = config;
        this.to = to;
        this.grpc = grpc;
        this.owner = owner;
        this.whole = context.timer(owner::timedOut);
    }

    /**
     * Takes what the request's headers say of them out of these.
     *
     * @param envoyHeaders whether there are headers whose names begin with {@code x-envoy-}
     */
    void take(Headers headers, boolean envoyHeaders) {
        allNanos = RequestTimeout.take(to, headers, grpc, envoyHeaders, config);
        perTryNanos = RequestTimeout.takePerTry(to, headers, envoyHeaders, allNanos);
        if (envoyHeaders) {
            durationNanos = RequestTimeout.takeDuration(headers);
            alternativeReply = headers.remove(HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_ALT_RESPONSE);
        }
        Duration idle = to.entry().retries().policy().perTryIdleTimeout();
        if (perTryNanos > 0 || idle.isPositive()) {
            attempts = new AttemptTimers(context, owner, perTryNanos, idle.toNanos());
        }
    }

    /** Tells the endpoint of the next attempt how long it may take (Envoy: {@code FilterUtility::setTimeoutHeaders}). */
    void tell(Headers headers) {
        boolean again = context.info().attempts > 1 && context.requestComplete();
        long elapsed = again ? context.loop().nanoTime() - context.info().requestCompleteNanos : 0;
        long all = TimeUnit.NANOSECONDS.toMillis(allNanos);
        long expected = perTryNanos > 0 ? TimeUnit.NANOSECONDS.toMillis(perTryNanos) : all;
        if (all > 0 && elapsed > 0) {
            expected = Math.clamp(all - TimeUnit.NANOSECONDS.toMillis(elapsed), 1, expected);
        }
        if (expected <= 0) {
            return;
        }
        if (!config.suppressEnvoyHeaders()) {
            headers.set(HeaderName.X_ENVOY_EXPECTED_RQ_TIMEOUT_MS, expected);
        }
        if (RequestTimeout.grpcDecides(to, grpc)) {
            headers.set(HeaderName.GRPC_TIMEOUT, GrpcTimeout.text(expected));
        }
    }

    /** The status of the reply to a request that took too long. */
    int status() {
        return alternativeReply ? 204 : 504;
    }

    String text() {
        return alternativeReply ? "" : "upstream request timeout";
    }

    /** The attempt has a stream. */
    void attemptReady(Attempt ready) {
        Duration ofCluster =
                ready.cluster().settings().http().maxStreamDuration().orElse(Duration.ZERO);
        long nanos = durationNanos > 0 ? durationNanos : ofCluster.toNanos();
        if (nanos > 0 && attempts == null) {
            attempts = new AttemptTimers(context, owner, 0, 0);
        }
        if (attempts != null) {
            attempts.begin(nanos);
            start();
        }
    }

    /** Starts what is not running yet, if the request is complete; called as often as one likes. */
    void start() {
        boolean toArm = !armed && allNanos > 0;
        if ((!toArm && attempts == null) || !(context.requestComplete() || Handshake.awaited(context))) {
            return;
        }
        if (toArm) {
            armed = true;
            context.loop().timers().arm(whole, allNanos);
        }
        if (attempts != null) {
            attempts.requestComplete();
        }
    }

    /** Something came from the endpoint. */
    void heard() {
        if (attempts != null) {
            attempts.heard();
        }
    }

    /** The upstream has opened a tunnel, which lasts as long as it likes. */
    void letGo() {
        whole.cancel();
        attemptGoesOn();
    }

    /** The attempt has been answered, and may take as long as its stream may. */
    void attemptGoesOn() {
        if (attempts != null) {
            attempts.letGo();
        }
    }

    void attemptOver() {
        if (attempts != null) {
            attempts.cancel();
        }
    }

    void cancel() {
        whole.cancel();
        attemptOver();
    }
}
