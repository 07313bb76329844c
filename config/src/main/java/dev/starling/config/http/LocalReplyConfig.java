package dev.starling.config.http;

import dev.starling.config.HeaderMutation;
import dev.starling.config.accesslog.AccessLog;
import dev.starling.config.accesslog.AccessLogFilter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code local_reply_config}: the first mapper whose filter matches changes the reply. */
public record LocalReplyConfig(List<Mapper> mappers, Optional<BodyFormat> bodyFormat) {

    public LocalReplyConfig {
        mappers = List.copyOf(mappers);
    }

    public record Mapper(
            AccessLogFilter filter,
            OptionalInt statusCode,
            Optional<String> body,
            Optional<BodyFormat> bodyFormat,
            List<HeaderMutation> headersToAdd) {
        public Mapper {
            headersToAdd = List.copyOf(headersToAdd);
        }
    }

    /** @param contentType empty for the format's own */
    public record BodyFormat(AccessLog.Format format, String contentType) {}
}
