package dev.starling.config.route;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A condition of {@code retry_on}, {@code x-envoy-retry-on} or {@code x-envoy-retry-grpc-on}, as Envoy's router page lists them. */
public enum RetryOn {
    STATUS_5XX("5xx"),
    GATEWAY_ERROR("gateway-error"),
    RESET("reset"),
    RESET_BEFORE_REQUEST("reset-before-request"),
    CONNECT_FAILURE("connect-failure"),
    ENVOY_RATELIMITED("envoy-ratelimited"),
    RETRIABLE_4XX("retriable-4xx"),
    REFUSED_STREAM("refused-stream"),
    RETRIABLE_STATUS_CODES("retriable-status-codes"),
    RETRIABLE_HEADERS("retriable-headers"),
    /** Known and without effect: no endpoint is spoken to over HTTP/3. */
    HTTP3_POST_CONNECT_FAILURE("http3-post-connect-failure"),
    GRPC_CANCELLED("cancelled", 1),
    GRPC_DEADLINE_EXCEEDED("deadline-exceeded", 4),
    GRPC_RESOURCE_EXHAUSTED("resource-exhausted", 8),
    GRPC_INTERNAL("internal", 13),
    GRPC_UNAVAILABLE("unavailable", 14);

    /** The status of those that look at {@code grpc-status}; -1 of the others. */
    public static final int NO_GRPC_STATUS = -1;

    private final String token;
    private final int grpcStatus;

    RetryOn(String token) {
        this(token, NO_GRPC_STATUS);
    }

    RetryOn(String token, int grpcStatus) {
        this.token = token;
        this.grpcStatus = grpcStatus;
    }

    public String token() {
        return token;
    }

    public int grpcStatus() {
        return grpcStatus;
    }

    /** Null for a word that Envoy does not know either. */
    public static @Nullable RetryOn of(String token) {
        for (RetryOn condition : values()) {
            if (condition.token.equals(token)) {
                return condition;
            }
        }
        return null;
    }

    /** Those of a comma-separated list; what is unknown is left out, as Envoy does. */
    public static Set<RetryOn> parse(String list) {
        Set<RetryOn> found = EnumSet.noneOf(RetryOn.class);
        for (String word : list.split(",", -1)) {
            RetryOn condition = of(word.strip());
            if (condition != null) {
                found.add(condition);
            }
        }
        return found;
    }
}
