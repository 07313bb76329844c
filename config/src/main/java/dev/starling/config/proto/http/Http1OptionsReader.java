package dev.starling.config.proto.http;

import dev.starling.config.http.Http1Options;
import dev.starling.config.http.Http1Options.HeaderCase;
import dev.starling.config.matcher.StringMatcher;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.matcher.StringMatcherReader;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions.HeaderKeyFormat;
import java.util.ArrayList;
import java.util.List;

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
                headerCase(message.getHeaderKeyFormat(), context.field("header_key_format")),
                ignoredUpgrades(message, context));
    }

    private static List<StringMatcher> ignoredUpgrades(Http1ProtocolOptions message, ValidationContext context) {
        var matchers = new ArrayList<StringMatcher>();
        for (int i = 0; i < message.getIgnoreHttp11UpgradeCount(); i++) {
            var matcher = StringMatcherReader.read(
                    message.getIgnoreHttp11Upgrade(i), context.field("ignore_http_11_upgrade", i));
            if (matcher != null) {
                matchers.add(matcher);
            }
        }
        return matchers;
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
