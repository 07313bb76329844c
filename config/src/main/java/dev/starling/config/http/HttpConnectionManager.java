package dev.starling.config.http;

import dev.starling.config.accesslog.AccessLog;
import dev.starling.config.route.RouteSource;
import java.util.List;
import java.util.Optional;

/**
 * {@code envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager}, validated.
 *
 * @param httpFilters in order; the last is the router or another terminal filter
 * @param via appended to the {@code via} header; empty for none
 */
public record HttpConnectionManager(
        String statPrefix,
        CodecType codecType,
        RouteSource routes,
        List<HttpFilterEntry> httpFilters,
        HttpTimeouts timeouts,
        Http1Options http1,
        Http2Options http2,
        HttpLimits limits,
        ServerHeader serverHeader,
        String serverName,
        ClientAddress clientAddress,
        RequestId requestId,
        PathHandling path,
        List<AccessLog> accessLogs,
        List<HttpUpgrade> upgrades,
        Optional<LocalReplyConfig> localReply,
        String via,
        boolean proxy100Continue,
        boolean streamErrorOnInvalidMessage,
        ClientCertificate clientCertificate) {

    public HttpConnectionManager {
        httpFilters = List.copyOf(httpFilters);
        accessLogs = List.copyOf(accessLogs);
        upgrades = List.copyOf(upgrades);
    }

    /** How the protocol of a connection is found. */
    public enum CodecType {
        AUTO,
        HTTP1,
        HTTP2,
        HTTP3
    }

    /** {@code server_header_transformation}. */
    public enum ServerHeader {
        OVERWRITE,
        APPEND_IF_ABSENT,
        PASS_THROUGH
    }
}
