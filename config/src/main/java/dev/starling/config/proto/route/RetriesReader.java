package dev.starling.config.proto.route;

import com.google.protobuf.UInt32Value;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Uint32Reader;
import dev.starling.config.route.RetryPolicy;
import dev.starling.config.route.VirtualHost;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what virtual hosts, routes and route actions say of requests that are sent again. */
final class RetriesReader {

    private RetriesReader() {}

    static VirtualHost.Retries read(
            io.envoyproxy.envoy.config.route.v3.VirtualHost message, ValidationContext context) {
        return new VirtualHost.Retries(
                policy(message.hasRetryPolicy(), message.getRetryPolicy(), context),
                message.getIncludeIsTimeoutRetryHeader(),
                bufferLimit(message.hasPerRequestBufferLimitBytes(), message.getPerRequestBufferLimitBytes()));
    }

    static OptionalLong bufferLimit(boolean present, UInt32Value bytes) {
        return present ? OptionalLong.of(Uint32Reader.asLong(bytes.getValue())) : OptionalLong.empty();
    }

    /** Empty after a problem, too. */
    static Optional<RetryPolicy> policy(
            boolean present, io.envoyproxy.envoy.config.route.v3.RetryPolicy message, ValidationContext context) {
        return present
                ? Optional.ofNullable(RetryPolicyReader.read(message, context.field("retry_policy")))
                : Optional.empty();
    }
}
