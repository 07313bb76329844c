package dev.starling.config.route;

import dev.starling.config.Metadata;
import dev.starling.config.matcher.HeaderMatcher;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code envoy.config.route.v3.RetryPolicy}: when a request that failed is sent again. Immutable.
 *
 * @param on empty: only what a trusted client's headers ask for
 * @param retries at most, beyond the first attempt; default 1
 * @param perTryTimeout of an attempt, from the end of the request to the response's head; zero: none
 * @param perTryIdleTimeout without anything from the upstream, of an attempt; zero: none
 * @param retriableStatuses for {@link RetryOn#RETRIABLE_STATUS_CODES}
 * @param retriableHeaders of a response, any of them, for {@link RetryOn#RETRIABLE_HEADERS}
 * @param retriableRequestHeaders empty, or one of them must match the request, or else it is never sent again
 * @param hostPredicates endpoints that an attempt after the first is rather not given to
 * @param hostSelectionAttempts how often another endpoint is chosen instead of one that a predicate rejects, before the last is
 *     taken all the same; default 1
 */
public record RetryPolicy(
        Set<RetryOn> on,
        long retries,
        Duration perTryTimeout,
        Duration perTryIdleTimeout,
        Set<Integer> retriableStatuses,
        List<HeaderMatcher> retriableHeaders,
        List<HeaderMatcher> retriableRequestHeaders,
        Backoff backoff,
        Optional<RateLimited> rateLimited,
        List<HostPredicate> hostPredicates,
        long hostSelectionAttempts) {

    /** Where nothing is configured; headers of a trusted client may still ask for retries. */
    public static final RetryPolicy NONE = new RetryPolicy(
            Set.of(),
            1,
            Duration.ZERO,
            Duration.ZERO,
            Set.of(),
            List.of(),
            List.of(),
            Backoff.DEFAULT,
            Optional.empty(),
            List.of(),
            1);

    public RetryPolicy {
        on = on.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(on));
        retriableStatuses = Set.copyOf(retriableStatuses);
        retriableHeaders = List.copyOf(retriableHeaders);
        retriableRequestHeaders = List.copyOf(retriableRequestHeaders);
        hostPredicates = List.copyOf(hostPredicates);
    }

    /**
     * {@code retry_back_off}: the bounds within which the wait before a retry is drawn, twice as long each time.
     *
     * @param base empty: what the runtime key {@code upstream.base_retry_backoff_ms} says, or 25 ms; from 1 ms
     * @param max empty: ten times the base; not below it
     */
    public record Backoff(Optional<Duration> base, Optional<Duration> max) {
        public static final Backoff DEFAULT = new Backoff(Optional.empty(), Optional.empty());
    }

    /**
     * {@code rate_limited_retry_back_off}: the upstream says how long to wait.
     *
     * @param headers the first of them that can be read counts; at least one
     * @param max what is longer is not heeded; default 300 s
     */
    public record RateLimited(List<ResetHeader> headers, Duration max) {
        public RateLimited {
            headers = List.copyOf(headers);
        }
    }

    /**
     * A response header that says when to try again.
     *
     * @param name lower case
     * @param timestamp whether it is seconds since 1970; if not, seconds from now
     */
    public record ResetHeader(String name, boolean timestamp) {}

    /** Which endpoints another attempt avoids. */
    public sealed interface HostPredicate {
        /** {@code previous_hosts}: those that had an attempt of this request. */
        enum PreviousHosts implements HostPredicate {
            PREVIOUS_HOSTS
        }

        /** {@code omit_canary_hosts}: those whose metadata {@code envoy.lb} says {@code canary: true}. */
        enum CanaryHosts implements HostPredicate {
            CANARY_HOSTS
        }

        /** {@code omit_host_metadata}: those whose metadata {@code envoy.lb} has all of this. */
        record WithMetadata(Metadata metadata) implements HostPredicate {}
    }
}
