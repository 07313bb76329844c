package dev.starling.runtime.http.filter.router;

import dev.starling.config.FractionalPercent;
import dev.starling.config.route.RetryOn;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.cluster.CircuitBreaker;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.grpc.GrpcStatus;
import dev.starling.runtime.http.filter.ExchangeContext;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.loop.TimerWheel;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamReset;
import dev.starling.runtime.route.Forward;
import dev.starling.runtime.route.HeaderMatch;
import dev.starling.runtime.route.RetryRules;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether one request is sent again, when, and which endpoints are avoided then. There is one only for a request about which a
 * policy, or a header of a trusted client, says that it may be. While a retry waits, and until it is known how it ended, it
 * holds one of the retries that the circuit breaker allows. Confined to the loop. After Envoy's {@code RetryStateImpl}.
 */
final class RetryState {

    private static final FractionalPercent USE_RETRY = new FractionalPercent(100, 100, "upstream.use_retry");
    private static final int CONFLICT = 409;

    /** Envoy goes on as often as it is told, be it for minutes. */
    private static final long MAX_HOST_SELECTION_ATTEMPTS = 256;

    private final RetryRules rules;
    private final RetryRequest asked;
    private final ClusterStats stats;
    private final CircuitBreaker breaker;
    private final Supplier<RuntimeSnapshot> runtime;
    private final Loop loop;
    private final RetryBackoff backoff;
    private final AvoidedEndpoints avoided;
    private long left;
    private boolean holding;
    private TimerWheel.@Nullable Timer wait;

    /** What is to be done about an attempt that ended. */
    enum Decision {
        RETRY,
        /** It is as it should be, or nothing that is sent again. */
        FINAL,
        LIMIT_EXCEEDED,
        /** The circuit breaker does not allow it. */
        OVERFLOW
    }

    private RetryState(
            RetryRules rules,
            RetryRequest asked,
            ClusterStats stats,
            CircuitBreaker breaker,
            Supplier<RuntimeSnapshot> runtime,
            Loop loop) {
        this.rules = rules;
        this.asked = asked;
        this.stats = stats;
        this.breaker = breaker;
        this.runtime = runtime;
        this.loop = loop;
        this.left = asked.retries();
        this.backoff = new RetryBackoff(rules.policy(), runtime.get(), loop, stats);
        this.avoided = new AvoidedEndpoints(rules.policy());
    }

    /** Null if the request is not one that may be sent again. Leaves the headers that say so in place. */
    static @Nullable RetryState of(
            Forward to,
            RequestHead request,
            boolean envoyHeaders,
            ClusterTraffic traffic,
            Supplier<RuntimeSnapshot> runtime,
            Loop loop) {
        RetryRules rules = to.entry().retries();
        if (rules.policy().on().isEmpty() && !envoyHeaders) {
            return null;
        }
        RetryRequest asked = RetryRequest.of(rules, request, envoyHeaders);
        CircuitBreaker breaker = traffic.breaker(to.action().priority());
        return asked == null ? null : new RetryState(rules, asked, traffic.stats(), breaker, runtime, loop);
    }

    // ---- what is to be done ---------------------------------------------------------------------------------------

    /** What came is not informational, and nothing has gone to the client. */
    Decision afterHead(ResponseHead response, Attempt attempt) {
        boolean retriable = retriable(response);
        if (retriable) {
            backoff.heed(response);
        }
        return decide(retriable, attempt.ended() ? 1 : 0);
    }

    /** @param begun whether anything of the request has ever been written to an endpoint */
    Decision afterReset(StreamReset reason, boolean begun) {
        return decide(retriable(reason, begun), reason == StreamReset.LOCAL_RESET ? 0 : 1);
    }

    /** @param ended what a retry budget still counts of the attempt; not a stream that we have reset, which in Envoy is gone */
    private Decision decide(boolean retriable, int ended) {
        if (holding && !retriable) {
            stats.rqRetrySuccess.inc(loop.stats());
        }
        end();
        if (!retriable) {
            return Decision.FINAL;
        }
        if (left == 0) {
            stats.rqRetryLimitExceeded.inc(loop.stats());
            return Decision.LIMIT_EXCEEDED;
        }
        left--;
        if (!breaker.retryAvailable(ended)) {
            stats.rqRetryOverflow.inc(loop.stats());
            return Decision.OVERFLOW;
        }
        if (!runtime.get().selects(USE_RETRY, loop.random().nextLong())) {
            return Decision.FINAL;
        }
        breaker.retries().acquire();
        holding = true;
        return Decision.RETRY;
    }

    private boolean retriable(ResponseHead response) {
        Set<RetryOn> on = asked.on();
        if (response.headers().contains(HeaderName.X_ENVOY_RATELIMITED)) {
            return on.contains(RetryOn.ENVOY_RATELIMITED);
        }
        int status = response.status();
        return (status >= 500 && on.contains(RetryOn.STATUS_5XX))
                || (status >= 502 && status <= 504 && on.contains(RetryOn.GATEWAY_ERROR))
                || (status == CONFLICT && on.contains(RetryOn.RETRIABLE_4XX))
                || (on.contains(RetryOn.RETRIABLE_STATUS_CODES)
                        && asked.statuses().contains(status))
                || (on.contains(RetryOn.RETRIABLE_HEADERS) && retriableHeader(response))
                || retriableGrpc(response);
    }

    private boolean retriableHeader(ResponseHead response) {
        for (HeaderMatch header : rules.retriableHeaders()) {
            if (header.matches(response)) {
                return true;
            }
        }
        for (String name : asked.headerNames()) {
            if (response.get(name) != null) {
                return true;
            }
        }
        return false;
    }

    /** The status stands in the head only if there is nothing else. */
    private boolean retriableGrpc(ResponseHead response) {
        int status = GrpcStatus.parse(response.headers().get(HeaderName.GRPC_STATUS));
        return status > GrpcStatus.OK && asked.on().stream().anyMatch(condition -> condition.grpcStatus() == status);
    }

    private boolean retriable(StreamReset reason, boolean begun) {
        Set<RetryOn> on = asked.on();
        return switch (reason) {
            case OVERFLOW -> false;
            case REMOTE_CONNECTION_FAILURE, LOCAL_CONNECTION_FAILURE, CONNECTION_TIMEOUT ->
                on.contains(RetryOn.CONNECT_FAILURE) || retriableReset(on, begun);
            case REMOTE_REFUSED_STREAM -> on.contains(RetryOn.REFUSED_STREAM) || retriableReset(on, begun);
            case CONNECTION_TERMINATION, REMOTE_RESET, CONNECT_ERROR, LOCAL_RESET, PROTOCOL_ERROR ->
                retriableReset(on, begun);
        };
    }

    private static boolean retriableReset(Set<RetryOn> on, boolean begun) {
        return on.contains(RetryOn.RESET)
                || on.contains(RetryOn.STATUS_5XX)
                || on.contains(RetryOn.GATEWAY_ERROR)
                || (!begun && on.contains(RetryOn.RESET_BEFORE_REQUEST));
    }

    // ---- how ------------------------------------------------------------------------------------------------------

    /** Whether anything would be retried, so that the request must be kept. */
    boolean enabled() {
        return !asked.on().isEmpty();
    }

    /** After as long as the policy says, the attempt that was decided is to be made. */
    void await(ExchangeContext context, Runnable tryAgain) {
        wait = context.timer(() -> {
            stats.rqRetry.inc(loop.stats());
            backoff.waited();
            tryAgain.run();
        });
        loop.timers().arm(wait, backoff.nextNanos());
    }

    /** Whether there is no attempt now, but will be. */
    boolean waiting() {
        return wait != null && wait.armed();
    }

    void attempted(Endpoint endpoint) {
        avoided.attempted(endpoint);
    }

    boolean avoids(Endpoint endpoint) {
        return avoided.contains(endpoint);
    }

    /** How many more endpoints are looked at instead of one that is avoided. */
    long hostSelectionAttempts() {
        return Math.min(rules.policy().hostSelectionAttempts(), MAX_HOST_SELECTION_ATTEMPTS);
    }

    /** No more attempts; gives back what it holds of the circuit breaker's retries. */
    void end() {
        if (wait != null) {
            wait.cancel();
        }
        if (holding) {
            holding = false;
            breaker.retries().release();
        }
    }
}
