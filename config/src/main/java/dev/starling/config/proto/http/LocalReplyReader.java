package dev.starling.config.proto.http;

import dev.starling.config.http.LocalReplyConfig;
import dev.starling.config.http.LocalReplyConfig.BodyFormat;
import dev.starling.config.http.LocalReplyConfig.Mapper;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.accesslog.AccessLogFilterReader;
import dev.starling.config.proto.accesslog.LogFormatReader;
import dev.starling.config.proto.core.DataSourceReader;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.HeaderMutationReader;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads {@code local_reply_config}. */
final class LocalReplyReader {

    private LocalReplyReader() {}

    static @Nullable LocalReplyConfig read(
            io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig message,
            ValidationContext context) {
        var mappers = Elements.read(message.getMappersList(), context, "mappers", LocalReplyReader::mapper);
        var bodyFormat = format(message.hasBodyFormat(), message.getBodyFormat(), context.field("body_format"));
        return context.failed() ? null : new LocalReplyConfig(mappers, bodyFormat);
    }

    private static @Nullable Mapper mapper(ResponseMapper message, ValidationContext context) {
        var filter = AccessLogFilterReader.read(message.getFilter(), context.field("filter"));
        byte[] body = message.hasBody() ? DataSourceReader.read(message.getBody(), context.field("body")) : null;
        var bodyFormat = format(
                message.hasBodyFormatOverride(),
                message.getBodyFormatOverride(),
                context.field("body_format_override"));
        var headers = HeaderMutationReader.additions(message.getHeadersToAddList(), context, "headers_to_add");
        return filter == null || context.failed()
                ? null
                : new Mapper(
                        filter,
                        message.hasStatusCode()
                                ? OptionalInt.of(message.getStatusCode().getValue())
                                : OptionalInt.empty(),
                        Optional.ofNullable(body).map(bytes -> new String(bytes, StandardCharsets.UTF_8)),
                        bodyFormat,
                        headers);
    }

    private static Optional<BodyFormat> format(
            boolean present, SubstitutionFormatString message, ValidationContext context) {
        if (!present) {
            return Optional.empty();
        }
        return Optional.ofNullable(LogFormatReader.read(message, context))
                .map(format -> new BodyFormat(format, message.getContentType()));
    }
}
