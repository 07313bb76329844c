package dev.starling.config.proto.discovery;

import dev.starling.config.ByteCount;
import dev.starling.config.discovery.GrpcService;
import dev.starling.config.discovery.GrpcService.Backoff;
import dev.starling.config.discovery.GrpcService.Metadatum;
import dev.starling.config.discovery.GrpcService.Target;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.Uint32Reader;
import io.envoyproxy.envoy.config.core.v3.GrpcService.EnvoyGrpc;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.RetryPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.core.v3.GrpcService}, of which a stream is kept open. */
public final class GrpcServiceReader {

    /** More than any control plane sends at once; Envoy has no bound unless it is told one. */
    private static final ByteCount DEFAULT_MAX_RECEIVED = ByteCount.mebibytes(64);

    private static final int MAX_OF_BASE = 10;

    private GrpcServiceReader() {}

    /** Null after a problem. */
    public static @Nullable GrpcService read(
            io.envoyproxy.envoy.config.core.v3.GrpcService message, ValidationContext context) {
        var metadata =
                Elements.read(message.getInitialMetadataList(), context, "initial_metadata", GrpcServiceReader::header);
        return switch (message.getTargetSpecifierCase()) {
            case ENVOY_GRPC ->
                new GrpcService(
                        cluster(message.getEnvoyGrpc()),
                        metadata,
                        backoff(
                                message.getEnvoyGrpc().getRetryPolicy(),
                                context.field("envoy_grpc").field("retry_policy")));
            case GOOGLE_GRPC ->
                new GrpcService(new Target.Channel(message.getGoogleGrpc().getTargetUri()), metadata, Backoff.DEFAULT);
            case TARGETSPECIFIER_NOT_SET -> {
                context.problem("one of envoy_grpc, google_grpc is required");
                yield null;
            }
        };
    }

    private static Target cluster(EnvoyGrpc message) {
        return new Target.Cluster(
                message.getClusterName(),
                message.getAuthority(),
                message.hasMaxReceiveMessageLength()
                        ? new ByteCount(Uint32Reader.asLong(
                                message.getMaxReceiveMessageLength().getValue()))
                        : DEFAULT_MAX_RECEIVED,
                message.getSkipEnvoyHeaders());
    }

    private static @Nullable Metadatum header(HeaderValue message, ValidationContext context) {
        String name = message.getKey().toLowerCase(Locale.ROOT);
        if (name.startsWith(":")) {
            context.field("key").problem("pseudo-headers cannot be set");
            return null;
        }
        String value = message.getValue();
        return new Metadatum(
                name,
                name.endsWith("-bin")
                        ? Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))
                        : value);
    }

    private static Backoff backoff(RetryPolicy message, ValidationContext context) {
        if (!message.hasRetryBackOff()) {
            return Backoff.DEFAULT;
        }
        var at = context.field("retry_back_off");
        var base = DurationReader.read(message.getRetryBackOff().getBaseInterval(), at.field("base_interval"));
        var max = DurationReader.readOr(
                base.multipliedBy(MAX_OF_BASE),
                message.getRetryBackOff().hasMaxInterval(),
                message.getRetryBackOff().getMaxInterval(),
                at.field("max_interval"));
        if (max.compareTo(base) < 0) {
            at.problem("max_interval must be greater than or equal to the base_interval");
        }
        return new Backoff(base, max);
    }
}
