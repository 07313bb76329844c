package dev.starling.config.proto.route;

import dev.starling.config.proto.Suggestion;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.HeaderNameReader;
import dev.starling.config.proto.core.MetadataReader;
import dev.starling.config.proto.core.Uint32Reader;
import dev.starling.config.proto.matcher.HeaderMatcherReader;
import dev.starling.config.route.RetryOn;
import dev.starling.config.route.RetryPolicy;
import dev.starling.config.route.RetryPolicy.Backoff;
import dev.starling.config.route.RetryPolicy.HostPredicate;
import dev.starling.config.route.RetryPolicy.RateLimited;
import dev.starling.config.route.RetryPolicy.ResetHeader;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.RateLimitedRetryBackOff;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.ResetHeaderFormat;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.RetryBackOff;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.RetryHostPredicate;
import io.envoyproxy.envoy.extensions.retry.host.omit_canary_hosts.v3.OmitCanaryHostsPredicate;
import io.envoyproxy.envoy.extensions.retry.host.omit_host_metadata.v3.OmitHostMetadataConfig;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.route.v3.RetryPolicy}. Durations are in whole milliseconds, what is less cut off, as in Envoy. */
final class RetryPolicyReader {

    private static final long DEFAULT_RETRIES = 1;
    private static final long DEFAULT_HOST_SELECTION_ATTEMPTS = 1;
    private static final Duration DEFAULT_MAX_RESET = Duration.ofMinutes(5);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private RetryPolicyReader() {}

    /** Null after a problem. */
    static @Nullable RetryPolicy read(
            io.envoyproxy.envoy.config.route.v3.RetryPolicy message, ValidationContext context) {
        warnOfUnknown(message.getRetryOn(), context.field("retry_on"));
        var perTryTimeout =
                timeout(message.hasPerTryTimeout(), message.getPerTryTimeout(), context.field("per_try_timeout"));
        var perTryIdleTimeout = timeout(
                message.hasPerTryIdleTimeout(), message.getPerTryIdleTimeout(), context.field("per_try_idle_timeout"));
        var retriableHeaders = Elements.read(
                message.getRetriableHeadersList(), context, "retriable_headers", HeaderMatcherReader::read);
        var retriableRequestHeaders = Elements.read(
                message.getRetriableRequestHeadersList(),
                context,
                "retriable_request_headers",
                HeaderMatcherReader::read);
        var backoff = message.hasRetryBackOff()
                ? backoff(message.getRetryBackOff(), context.field("retry_back_off"))
                : Backoff.DEFAULT;
        var rateLimited = message.hasRateLimitedRetryBackOff()
                ? Optional.of(
                        rateLimited(message.getRateLimitedRetryBackOff(), context.field("rate_limited_retry_back_off")))
                : Optional.<RateLimited>empty();
        var hostPredicates = Elements.read(
                message.getRetryHostPredicateList(), context, "retry_host_predicate", RetryPolicyReader::hostPredicate);
        return context.failed()
                ? null
                : new RetryPolicy(
                        RetryOn.parse(message.getRetryOn()),
                        Uint32Reader.longOr(DEFAULT_RETRIES, message.hasNumRetries(), message.getNumRetries()),
                        perTryTimeout,
                        perTryIdleTimeout,
                        new HashSet<>(message.getRetriableStatusCodesList()),
                        retriableHeaders,
                        retriableRequestHeaders,
                        backoff,
                        rateLimited,
                        hostPredicates,
                        hostSelectionAttempts(message.getHostSelectionRetryMaxAttempts()));
    }

    private static void warnOfUnknown(String retryOn, ValidationContext context) {
        var tokens = Arrays.stream(RetryOn.values()).map(RetryOn::token).toList();
        String unknown = Arrays.stream(retryOn.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty() && !tokens.contains(word))
                .map(word -> "no condition is called `" + word + "`" + Suggestion.of(word, tokens))
                .collect(Collectors.joining("; "));
        if (!unknown.isEmpty()) {
            context.warning(unknown + "; ignored");
        }
    }

    private static Duration timeout(boolean present, com.google.protobuf.Duration duration, ValidationContext context) {
        return milliseconds(DurationReader.readOr(Duration.ZERO, present, duration, context));
    }

    private static Backoff backoff(RetryBackOff message, ValidationContext context) {
        var base = interval(message.getBaseInterval(), context.field("base_interval"));
        var max = message.hasMaxInterval()
                ? Optional.of(interval(message.getMaxInterval(), context.field("max_interval")))
                : Optional.<Duration>empty();
        if (max.isPresent() && max.get().compareTo(base) < 0 && !context.failed()) {
            context.field("max_interval").problem("must be at least the base_interval");
        }
        return new Backoff(Optional.of(base), max);
    }

    private static RateLimited rateLimited(RateLimitedRetryBackOff message, ValidationContext context) {
        return new RateLimited(
                Elements.read(message.getResetHeadersList(), context, "reset_headers", (header, at) -> {
                    var name = HeaderNameReader.read(header.getName(), at.field("name"));
                    boolean timestamp = header.getFormat() == ResetHeaderFormat.UNIX_TIMESTAMP;
                    return name == null ? null : new ResetHeader(name, timestamp);
                }),
                message.hasMaxInterval()
                        ? interval(message.getMaxInterval(), context.field("max_interval"))
                        : DEFAULT_MAX_RESET);
    }

    private static @Nullable HostPredicate hostPredicate(RetryHostPredicate message, ValidationContext context) {
        return switch (TypedConfig.unpack(message.getTypedConfig()).orElse(null)) {
            case PreviousHostsPredicate _ -> HostPredicate.PreviousHosts.PREVIOUS_HOSTS;
            case OmitCanaryHostsPredicate _ -> HostPredicate.CanaryHosts.CANARY_HOSTS;
            case OmitHostMetadataConfig config ->
                new HostPredicate.WithMetadata(MetadataReader.read(config.getMetadataMatch()));
            case null, default -> {
                String typeName = TypedConfig.typeName(message.getTypedConfig());
                if (!typeName.isEmpty() || !context.field("typed_config").failed()) { // else it has been told
                    context.problem("Didn't find a registered implementation for '" + message.getName()
                            + "' with type URL: '" + typeName + "'");
                }
                yield null;
            }
        };
    }

    /** Zero is as if nothing was said; Envoy keeps 32 bits of the rest, without a sign. */
    private static long hostSelectionAttempts(long attempts) {
        return attempts == 0 ? DEFAULT_HOST_SELECTION_ATTEMPTS : Uint32Reader.asLong((int) attempts);
    }

    private static Duration interval(com.google.protobuf.Duration duration, ValidationContext context) {
        var interval = milliseconds(DurationReader.read(duration, context));
        return interval.isZero() ? SHORTEST : interval;
    }

    private static Duration milliseconds(Duration duration) {
        return Duration.ofMillis(duration.toMillis());
    }
}
