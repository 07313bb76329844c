package dev.starling.config.discovery;

import java.util.Optional;

/**
 * {@code envoy.config.core.v3.ApiConfigSource} over gRPC, validated.
 *
 * @param nodeOnFirstMessageOnly or each request says who asks
 * @param rateLimit of requests on one stream; absent: none
 */
public record ApiConfigSource(
        Variant variant, GrpcService service, boolean nodeOnFirstMessageOnly, Optional<RateLimit> rateLimit) {

    /** What a response tells. */
    public enum Variant {
        STATE_OF_THE_WORLD,
        DELTA
    }

    /**
     * A bucket of tokens, one for each request.
     *
     * @param tokensPerSecond more than zero
     */
    public record RateLimit(int maxTokens, double tokensPerSecond) {}
}
