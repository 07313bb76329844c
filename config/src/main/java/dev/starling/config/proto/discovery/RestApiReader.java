package dev.starling.config.proto.discovery;

import dev.starling.config.discovery.RestApi;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.core.v3.ApiConfigSource} of the type {@code REST}. */
final class RestApiReader {

    private static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(1);

    private RestApiReader() {}

    /** Null after a problem. */
    static @Nullable RestApi read(ApiConfigSource message, ValidationContext context) {
        if (message.getGrpcServicesCount() > 0) {
            context.field("grpc_services")
                    .problem("a config source that is not of gRPC must not have a gRPC service specified");
        }
        if (message.getClusterNamesCount() != 1) {
            context.field("cluster_names").problem("must have a singleton cluster name specified");
        }
        if (!message.hasRefreshDelay()) {
            context.field("refresh_delay").problem("is required for REST API configuration sources");
        }
        if (context.failed()) {
            return null;
        }
        return new RestApi(
                message.getClusterNames(0),
                DurationReader.read(message.getRefreshDelay(), context.field("refresh_delay")),
                DurationReader.readOr(
                        DEFAULT_REQUEST_TIMEOUT,
                        message.hasRequestTimeout(),
                        message.getRequestTimeout(),
                        context.field("request_timeout")));
    }
}
