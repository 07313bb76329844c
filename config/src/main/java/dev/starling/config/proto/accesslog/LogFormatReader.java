package dev.starling.config.proto.accesslog;

import dev.starling.config.accesslog.AccessLog.Format;
import dev.starling.config.accesslog.FormatString;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.DataSourceReader;
import dev.starling.config.proto.core.FormatReader;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.core.v3.SubstitutionFormatString}, but for its content type. */
@SuppressWarnings("deprecation") // Envoy still reads its deprecated fields, and so do we
public final class LogFormatReader {

    private LogFormatReader() {}

    /** Null after a problem. */
    public static @Nullable Format read(SubstitutionFormatString message, ValidationContext context) {
        boolean omitEmpty = message.getOmitEmptyValues();
        return switch (message.getFormatCase()) {
            case TEXT_FORMAT ->
                text(FormatReader.read(message.getTextFormat(), context.field("text_format")), omitEmpty);
            case TEXT_FORMAT_SOURCE ->
                text(source(message.getTextFormatSource(), context.field("text_format_source")), omitEmpty);
            case JSON_FORMAT ->
                new Format.Json(
                        JsonTemplateReader.read(message.getJsonFormat(), context.field("json_format")), omitEmpty);
            case FORMAT_NOT_SET -> {
                context.problem("one of text_format, json_format, text_format_source is required");
                yield null;
            }
        };
    }

    private static @Nullable FormatString source(DataSource message, ValidationContext context) {
        byte[] text = DataSourceReader.read(message, context);
        return text == null ? null : FormatReader.read(new String(text, StandardCharsets.UTF_8), context);
    }

    private static @Nullable Format text(@Nullable FormatString pattern, boolean omitEmpty) {
        return pattern == null ? null : new Format.Text(pattern, omitEmpty);
    }
}
