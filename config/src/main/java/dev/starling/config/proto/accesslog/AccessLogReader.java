package dev.starling.config.proto.accesslog;

import com.google.protobuf.Any;
import dev.starling.config.accesslog.AccessLog;
import dev.starling.config.accesslog.AccessLog.Destination;
import dev.starling.config.accesslog.AccessLog.Format;
import dev.starling.config.accesslog.AccessLog.Sink;
import dev.starling.config.accesslog.AccessLogFilter;
import dev.starling.config.accesslog.FormatString;
import dev.starling.config.proto.TypedConfig;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.FormatReader;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StderrAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.accesslog.v3.AccessLog} with the loggers that write lines, to a file, stdout or stderr, or stream messages. */
@SuppressWarnings("deprecation") // Envoy still reads its deprecated fields, and so do we
public final class AccessLogReader {

    private static final Format DEFAULT_FORMAT = new Format.Text(FormatString.DEFAULT, false);

    private AccessLogReader() {}

    /** Leaves out what has a problem. */
    public static List<AccessLog> read(
            List<io.envoyproxy.envoy.config.accesslog.v3.AccessLog> messages, ValidationContext context, String field) {
        return Elements.read(messages, context, field, AccessLogReader::read);
    }

    /** Null after a problem. */
    public static @Nullable AccessLog read(
            io.envoyproxy.envoy.config.accesslog.v3.AccessLog message, ValidationContext context) {
        var filter = message.hasFilter()
                ? Optional.ofNullable(AccessLogFilterReader.read(message.getFilter(), context.field("filter")))
                : Optional.<AccessLogFilter>empty();
        var destination = destination(message.getName(), message.getTypedConfig(), context);
        return destination == null || context.failed() ? null : new AccessLog(filter, destination);
    }

    private static @Nullable Destination destination(String name, Any typedConfig, ValidationContext context) {
        var at = context.field("typed_config");
        var logger = TypedConfig.unpack(typedConfig).orElse(null);
        return switch (logger) {
            case FileAccessLog file -> {
                if (file.getPath().isEmpty()) {
                    at.field("path").problem("must not be empty");
                }
                yield lines(new Sink.File(file.getPath()), format(file, at));
            }
            case StdoutAccessLog stdout ->
                lines(Sink.Stream.STDOUT, format(stdout.hasLogFormat(), stdout.getLogFormat(), at));
            case StderrAccessLog stderr ->
                lines(Sink.Stream.STDERR, format(stderr.hasLogFormat(), stderr.getLogFormat(), at));
            case HttpGrpcAccessLogConfig http -> LogServiceReader.http(http, at);
            case TcpGrpcAccessLogConfig tcp -> LogServiceReader.tcp(tcp, at);
            case null, default -> {
                context.problem("Didn't find a registered implementation for '" + name + "' with type URL: '"
                        + TypedConfig.typeName(typedConfig) + "'");
                yield null;
            }
        };
    }

    private static @Nullable Destination lines(Sink sink, @Nullable Format format) {
        return format == null ? null : new Destination.Lines(sink, format);
    }

    private static @Nullable Format format(FileAccessLog file, ValidationContext context) {
        return switch (file.getAccessLogFormatCase()) {
            case LOG_FORMAT -> format(true, file.getLogFormat(), context);
            case FORMAT -> {
                var pattern = FormatReader.read(file.getFormat(), context.field("format"));
                yield pattern == null
                        ? null
                        : pattern.segments().isEmpty() ? DEFAULT_FORMAT : new Format.Text(pattern, false);
            }
            case JSON_FORMAT -> json(file.getJsonFormat(), context.field("json_format"));
            case TYPED_JSON_FORMAT -> json(file.getTypedJsonFormat(), context.field("typed_json_format"));
            case ACCESSLOGFORMAT_NOT_SET -> DEFAULT_FORMAT;
        };
    }

    private static Format json(com.google.protobuf.Struct struct, ValidationContext context) {
        return new Format.Json(JsonTemplateReader.read(struct, context), false);
    }

    private static @Nullable Format format(
            boolean present, SubstitutionFormatString message, ValidationContext context) {
        return present ? LogFormatReader.read(message, context.field("log_format")) : DEFAULT_FORMAT;
    }
}
