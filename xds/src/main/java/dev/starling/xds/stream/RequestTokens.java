package dev.starling.xds.stream;

import dev.starling.config.discovery.ApiConfigSource.RateLimit;
import java.time.Duration;
import java.time.Instant;

/** A bucket of tokens, one for each request on a stream; full at first. */
final class RequestTokens {

    private static final double NANOS = 1e9;

    private final RateLimit limit;
    private double tokens;
    private Instant filledAt;

    RequestTokens(RateLimit limit, Instant now) {
        this.limit = limit;
        this.tokens = limit.maxTokens();
        this.filledAt = now;
    }

    /** How long to wait for a token; zero if there is one. */
    Duration untilToken(Instant now) {
        double filled = Duration.between(filledAt, now).toNanos() / NANOS * limit.tokensPerSecond();
        tokens = Math.min(limit.maxTokens(), tokens + Math.max(0, filled));
        filledAt = now;
        return Duration.ofNanos((long) Math.ceil(Math.max(0, 1 - tokens) / limit.tokensPerSecond() * NANOS));
    }

    void take() {
        tokens--;
    }
}
