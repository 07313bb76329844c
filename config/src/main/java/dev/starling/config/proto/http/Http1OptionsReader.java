package dev.starling.config.proto.http;

import dev.starling.config.http.Http1Options;
import dev.starling.config.http.Http1Options.HeaderCase;
import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions.HeaderKeyFormat;

/** Reads {@code envoy.config.core.v3.Http1ProtocolOptions} of a listener or a cluster. */
public final class Http1OptionsReader {

    private Http1OptionsReader() {}

    public static Http1Options read(Http1ProtocolOptions message, ValidationContext context) {
        return new Http1Options(
                !message.hasAllowAbsoluteUrl() || message.getAllowAbsoluteUrl().getValue(),
                message.getAcceptHttp10(),
                message.getDefaultHostForHttp10(),
                message.getEnableTrailers(),
                message.getAllowChunkedLength(),
                headerCase(message.getHeaderKeyFormat(), context.field("header_key_format")));
    }

    private static HeaderCase headerCase(HeaderKeyFormat message, ValidationContext context) {
        return switch (message.getHeaderFormatCase()) {
            case HEADERFORMAT_NOT_SET -> HeaderCase.LOWER;
            case PROPER_CASE_WORDS -> HeaderCase.PROPER_CASE_WORDS;
            case STATEFUL_FORMATTER -> {
                context.field("stateful_formatter").problem("header formatters are not supported yet");
                yield HeaderCase.LOWER;
            }
        };
    }
}
