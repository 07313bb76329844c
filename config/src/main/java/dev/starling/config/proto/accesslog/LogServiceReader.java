package dev.starling.config.proto.accesslog;

import dev.starling.config.ByteCount;
import dev.starling.config.accesslog.AccessLog.Destination;
import dev.starling.config.accesslog.CustomTag;
import dev.starling.config.accesslog.LogService;
import dev.starling.config.accesslog.LogService.Entries;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DurationReader;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.HeaderNameReader;
import dev.starling.config.proto.core.Uint32Reader;
import dev.starling.config.proto.discovery.GrpcServiceReader;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the access logs that are streamed to a gRPC service. */
final class LogServiceReader {

    private static final Duration DEFAULT_FLUSH_INTERVAL = Duration.ofSeconds(1);
    private static final long DEFAULT_BUFFER_BYTES = 16384;

    private LogServiceReader() {}

    /** Null after a problem. */
    static @Nullable Destination http(HttpGrpcAccessLogConfig message, ValidationContext context) {
        var service = service(Entries.HTTP, message.getCommonConfig(), context.field("common_config"));
        return service == null
                ? null
                : new Destination.Service(
                        service,
                        names(
                                message.getAdditionalRequestHeadersToLogList(),
                                context,
                                "additional_request_headers_to_log"),
                        names(
                                message.getAdditionalResponseHeadersToLogList(),
                                context,
                                "additional_response_headers_to_log"),
                        names(
                                message.getAdditionalResponseTrailersToLogList(),
                                context,
                                "additional_response_trailers_to_log"));
    }

    /** Null after a problem. */
    static @Nullable Destination tcp(TcpGrpcAccessLogConfig message, ValidationContext context) {
        var service = service(Entries.TCP, message.getCommonConfig(), context.field("common_config"));
        return service == null ? null : new Destination.Service(service, List.of(), List.of(), List.of());
    }

    private static List<String> names(List<String> written, ValidationContext context, String field) {
        return Elements.read(written, context, field, HeaderNameReader::read);
    }

    private static @Nullable LogService service(
            Entries entries, CommonGrpcAccessLogConfig message, ValidationContext context) {
        var service = GrpcServiceReader.read(message.getGrpcService(), context.field("grpc_service"));
        var flushInterval = DurationReader.readOr(
                DEFAULT_FLUSH_INTERVAL,
                message.hasBufferFlushInterval(),
                message.getBufferFlushInterval(),
                context.field("buffer_flush_interval"));
        var tags = Elements.read(message.getCustomTagsList(), context, "custom_tags", LogServiceReader::tag);
        return service == null
                ? null
                : new LogService(
                        entries,
                        message.getLogName(),
                        service,
                        flushInterval,
                        new ByteCount(
                                message.hasBufferSizeBytes()
                                        ? Uint32Reader.asLong(
                                                message.getBufferSizeBytes().getValue())
                                        : DEFAULT_BUFFER_BYTES),
                        message.getFilterStateObjectsToLogList(),
                        tags);
    }

    private static @Nullable CustomTag tag(
            io.envoyproxy.envoy.type.tracing.v3.CustomTag message, ValidationContext context) {
        var source = switch (message.getTypeCase()) {
            case LITERAL -> new CustomTag.Source.Literal(message.getLiteral().getValue());
            case ENVIRONMENT ->
                new CustomTag.Source.Environment(
                        message.getEnvironment().getName(),
                        message.getEnvironment().getDefaultValue());
            case REQUEST_HEADER -> {
                var name = HeaderNameReader.read(
                        message.getRequestHeader().getName(),
                        context.field("request_header").field("name"));
                yield name == null
                        ? null
                        : new CustomTag.Source.RequestHeader(
                                name, message.getRequestHeader().getDefaultValue());
            }
            case METADATA -> {
                context.field("metadata").problem("custom tags of metadata are not supported yet");
                yield null;
            }
            case TYPE_NOT_SET -> {
                context.problem("one of literal, environment, request_header is required");
                yield null;
            }
        };
        return source == null ? null : new CustomTag(message.getTag(), source);
    }
}
