package dev.starling.config.proto.http;

import dev.starling.config.http.PathHandling;
import dev.starling.config.http.PathHandling.EscapedSlashes;
import dev.starling.config.http.PathHandling.StripPort;
import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/** Reads what a connection manager does to path and authority before routing. */
final class PathHandlingReader {

    private PathHandlingReader() {}

    static PathHandling read(HttpConnectionManager message, ValidationContext context) {
        if (message.getStripMatchingHostPort() && message.getStripAnyHostPort()) {
            context.field("strip_any_host_port")
                    .problem("Error: Only one of `strip_matching_host_port` or `strip_any_host_port` can be set.");
        }
        return new PathHandling(
                message.getNormalizePath().getValue(),
                message.getMergeSlashes(),
                escapedSlashes(message),
                stripPort(message),
                message.getStripTrailingHostDot());
    }

    private static EscapedSlashes escapedSlashes(HttpConnectionManager message) {
        return switch (message.getPathWithEscapedSlashesAction()) {
            case IMPLEMENTATION_SPECIFIC_DEFAULT, KEEP_UNCHANGED, UNRECOGNIZED -> EscapedSlashes.KEEP_UNCHANGED;
            case REJECT_REQUEST -> EscapedSlashes.REJECT_REQUEST;
            case UNESCAPE_AND_REDIRECT -> EscapedSlashes.UNESCAPE_AND_REDIRECT;
            case UNESCAPE_AND_FORWARD -> EscapedSlashes.UNESCAPE_AND_FORWARD;
        };
    }

    private static StripPort stripPort(HttpConnectionManager message) {
        if (message.getStripAnyHostPort()) {
            return StripPort.ANY;
        }
        return message.getStripMatchingHostPort() ? StripPort.MATCHING : StripPort.NONE;
    }
}
