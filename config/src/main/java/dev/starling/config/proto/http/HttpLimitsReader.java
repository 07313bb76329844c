package dev.starling.config.proto.http;

import dev.starling.config.ByteCount;
import dev.starling.config.http.HttpLimits;
import dev.starling.config.http.HttpLimits.UnderscoreAction;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Uint32Reader;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/** Reads the bounds on requests, from where Envoy keeps them in two messages. */
final class HttpLimitsReader {

    private HttpLimitsReader() {}

    static HttpLimits read(HttpConnectionManager message, ValidationContext context) {
        var common = message.getCommonHttpProtocolOptions();
        if (common.hasMaxResponseHeadersKb()) {
            context.field("common_http_protocol_options")
                    .field("max_response_headers_kb")
                    .problem("Error: max_response_headers_kb cannot be set on http_connection_manager.");
        }
        var otherwise = HttpLimits.DEFAULT;
        return new HttpLimits(
                message.hasMaxRequestHeadersKb()
                        ? ByteCount.kibibytes(Uint32Reader.asLong(
                                message.getMaxRequestHeadersKb().getValue()))
                        : otherwise.requestHeaders(),
                Uint32Reader.clampedOr(
                        otherwise.headersCount(), common.hasMaxHeadersCount(), common.getMaxHeadersCount()),
                Uint32Reader.clampedOr(
                        otherwise.requestsPerConnection(),
                        common.hasMaxRequestsPerConnection(),
                        common.getMaxRequestsPerConnection()),
                underscores(common));
    }

    private static UnderscoreAction underscores(HttpProtocolOptions message) {
        return switch (message.getHeadersWithUnderscoresAction()) {
            case ALLOW, UNRECOGNIZED -> UnderscoreAction.ALLOW;
            case REJECT_REQUEST -> UnderscoreAction.REJECT_REQUEST;
            case DROP_HEADER -> UnderscoreAction.DROP_HEADER;
        };
    }
}
