package dev.starling.config.proto.discovery;

import dev.starling.config.discovery.ApiConfigSource;
import dev.starling.config.discovery.ApiConfigSource.RateLimit;
import dev.starling.config.discovery.ApiConfigSource.Variant;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Uint32Reader;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType;
import io.envoyproxy.envoy.config.core.v3.RateLimitSettings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.core.v3.ApiConfigSource}. */
public final class ApiConfigSourceReader {

    private static final int DEFAULT_MAX_TOKENS = 100;
    private static final double DEFAULT_FILL_RATE = 10;

    private ApiConfigSourceReader() {}

    /** Null after a problem. */
    public static @Nullable ApiConfigSource read(
            io.envoyproxy.envoy.config.core.v3.ApiConfigSource message, ValidationContext context) {
        if (message.getApiType() == ApiType.REST) {
            context.field("api_type").problem("must be of gRPC here");
            return null;
        }
        if (message.getClusterNamesCount() > 0) {
            context.field("cluster_names")
                    .problem("a gRPC config source must not have a cluster name specified, but a grpc_services entry");
        }
        if (message.getGrpcServicesCount() == 0) {
            context.field("grpc_services").problem("a gRPC config source needs one gRPC service");
            return null;
        }
        if (message.getGrpcServicesCount() > 1) {
            context.field("grpc_services", 1)
                    .problem("a gRPC config source must have no more than 1 gRPC services specified");
        }
        var service = GrpcServiceReader.read(message.getGrpcServices(0), context.field("grpc_services", 0));
        if (service == null || context.failed()) {
            return null;
        }
        return new ApiConfigSource(
                message.getApiType() == ApiType.DELTA_GRPC ? Variant.DELTA : Variant.STATE_OF_THE_WORLD,
                service,
                message.getSetNodeOnFirstMessageOnly(),
                message.hasRateLimitSettings()
                        ? Optional.of(rateLimit(message.getRateLimitSettings()))
                        : Optional.empty());
    }

    private static RateLimit rateLimit(RateLimitSettings message) {
        return new RateLimit(
                Uint32Reader.clampedOr(DEFAULT_MAX_TOKENS, message.hasMaxTokens(), message.getMaxTokens()),
                message.hasFillRate() ? message.getFillRate().getValue() : DEFAULT_FILL_RATE);
    }
}
