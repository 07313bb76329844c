package dev.starling.runtime.http;

import dev.starling.config.HeaderMutation;
import dev.starling.config.accesslog.AccessLog;
import dev.starling.config.http.LocalReplyConfig;
import dev.starling.config.http.LocalReplyConfig.BodyFormat;
import dev.starling.runtime.accesslog.AccessLogging;
import dev.starling.runtime.accesslog.EntryFilter;
import dev.starling.runtime.accesslog.Formatter;
import dev.starling.runtime.accesslog.HeaderView;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.route.HeaderLines;
import dev.starling.runtime.route.SingleLineHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@code local_reply_config}, compiled: what the proxy's own replies look like. Immutable. */
final class LocalReplies {

    private final List<Mapper> mappers;
    private final @Nullable Body body;

    /** A reply as it will be sent, and whether its body is another than it was. */
    @SuppressWarnings("ArrayRecordComponent") // the bytes are written as they are; nothing compares replies
    record Rendered(int status, byte[] body, boolean rewritten, String contentType) {}

    private record Body(Formatter formatter, String contentType) {}

    private record Mapper(
            EntryFilter filter,
            OptionalInt status,
            @Nullable String text,
            @Nullable Body body,
            List<HeaderMutation> mutations,
            List<Formatter> values) {}

    private LocalReplies(List<Mapper> mappers, @Nullable Body body) {
        this.mappers = mappers;
        this.body = body;
    }

    static LocalReplies of(Optional<LocalReplyConfig> config, AccessLogging logging) {
        List<Mapper> mappers = new ArrayList<>();
        for (LocalReplyConfig.Mapper mapper :
                config.map(LocalReplyConfig::mappers).orElse(List.of())) {
            mappers.add(new Mapper(
                    logging.filters().filter(mapper.filter()),
                    mapper.statusCode(),
                    mapper.body().orElse(null),
                    mapper.bodyFormat().map(format -> body(format, logging)).orElse(null),
                    mapper.headersToAdd(),
                    mapper.headersToAdd().stream()
                            .map(header -> logging.formatters().headerValue(header.value()))
                            .toList()));
        }
        return new LocalReplies(
                mappers,
                config.flatMap(LocalReplyConfig::bodyFormat)
                        .map(format -> body(format, logging))
                        .orElse(null));
    }

    private static Body body(BodyFormat format, AccessLogging logging) {
        String type = !format.contentType().isEmpty()
                ? format.contentType()
                : format.format() instanceof AccessLog.Format.Json ? "application/json" : "text/plain";
        return new Body(logging.formatters().entry(format.format()), type);
    }

    /** Applies the first mapper that matches, then the body format. Headers are added to those of the reply. */
    Rendered render(StreamInfo info, HeaderView request, int status, String text, Headers headers) {
        info.responseCode = status;
        info.responseHeaders = headers;
        info.localReplyBody = text;
        Body format = body;
        for (Mapper mapper : mappers) {
            if (mapper.filter().accepts(info, request)) {
                info.localReplyBody = mapper.text() == null ? text : mapper.text();
                format = mapper.body() == null ? format : mapper.body();
                addHeaders(mapper, info, request, headers);
                info.responseCode = mapper.status().orElse(status);
                break;
            }
        }
        if (format == null) {
            boolean rewritten = !info.localReplyBody.equals(text);
            byte[] bytes = info.localReplyBody.getBytes(StandardCharsets.UTF_8);
            return new Rendered(info.responseCode, bytes, rewritten, "text/plain");
        }
        StringBuilder out = new StringBuilder();
        format.formatter().format(info, request, headers, out);
        byte[] bytes = out.toString().getBytes(StandardCharsets.ISO_8859_1);
        return new Rendered(info.responseCode, bytes, true, format.contentType());
    }

    private static void addHeaders(Mapper mapper, StreamInfo info, HeaderView request, Headers headers) {
        for (int i = 0; i < mapper.mutations().size(); i++) {
            HeaderMutation mutation = mapper.mutations().get(i);
            StringBuilder value = new StringBuilder();
            mapper.values().get(i).format(info, request, headers, value);
            boolean present = headers.find(mutation.name(), 0) >= 0;
            boolean wanted = switch (mutation.append()) {
                case APPEND_IF_EXISTS_OR_ADD, OVERWRITE_IF_EXISTS_OR_ADD -> true;
                case ADD_IF_ABSENT -> !present;
                case OVERWRITE_IF_EXISTS -> present;
            };
            if (!wanted || (value.isEmpty() && !mutation.keepEmptyValue())) {
                continue;
            }
            if (mutation.append() == HeaderMutation.Append.APPEND_IF_EXISTS_OR_ADD
                    && SingleLineHeaders.RESPONSE.contains(mutation.name())) {
                HeaderLines.append(headers, HeaderName.of(mutation.name()), value.toString());
                continue;
            }
            if (mutation.append() != HeaderMutation.Append.APPEND_IF_EXISTS_OR_ADD) {
                headers.remove(mutation.name());
            }
            headers.add(mutation.name(), value.toString());
        }
    }
}
