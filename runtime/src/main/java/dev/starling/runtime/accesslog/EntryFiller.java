package dev.starling.runtime.accesslog;

import dev.starling.config.accesslog.AccessLog.Destination;
import dev.starling.config.accesslog.CustomTag;
import dev.starling.config.accesslog.FormatOperator;
import dev.starling.runtime.loop.Loop;
import dev.starling.runtime.tls.CertificateFacts;
import dev.starling.runtime.tls.TlsSession;
import dev.starling.xds.accesslog.LogEntry;
import dev.starling.xds.accesslog.LogEntry.RequestText;
import dev.starling.xds.accesslog.Moment;
import dev.starling.xds.accesslog.TlsProperties;
import dev.starling.xds.accesslog.TlsProperties.Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Tells a log service of an exchange or connection what Envoy tells ({@code Utility::extractCommonAccessLogProperties} and
 * {@code HttpGrpcAccessLog::emitLog}).
 */
final class EntryFiller {

    private final Destination.Service config;
    private final List<Tag> tags;

    private interface Tag {
        void add(LogEntry entry, HeaderView request);
    }

    private EntryFiller(Destination.Service config, List<Tag> tags) {
        this.config = config;
        this.tags = tags;
    }

    static EntryFiller of(Destination.Service config, Map<String, String> environment) {
        return new EntryFiller(
                config,
                config.service().customTags().stream()
                        .map(tag -> tag(tag, environment))
                        .toList());
    }

    private static Tag tag(CustomTag tag, Map<String, String> environment) {
        return switch (tag.source()) {
            case CustomTag.Source.Literal(String value) -> (entry, request) -> entry.customTag(tag.tag(), value);
            case CustomTag.Source.Environment(String name, String otherwise) -> {
                String value = environment.getOrDefault(name, otherwise);
                yield (entry, request) -> addTag(entry, tag.tag(), value);
            }
            case CustomTag.Source.RequestHeader(String name, String otherwise) ->
                (entry, request) -> {
                    String value = request.get(name);
                    addTag(entry, tag.tag(), value == null ? otherwise : Utf8Chars.decode(value));
                };
        };
    }

    private static void addTag(LogEntry entry, String tag, String value) {
        if (!value.isEmpty()) {
            entry.customTag(tag, value);
        }
    }

    /** On the loop. */
    void fill(LogEntry entry, StreamInfo info, HeaderView request, HeaderView response, Loop loop) {
        times(entry, info);
        downstream(entry, info);
        upstream(entry, info);
        outcome(entry, info);
        for (Tag tag : tags) {
            tag.add(entry, request);
        }
        for (String object : config.service().filterStateObjects()) {
            filterState(entry, info, object);
        }
        entry.streamId(name(info, request, loop));
        request(entry, info, request);
        response(entry, info, response);
    }

    private static void times(LogEntry entry, StreamInfo info) {
        entry.start(info.startWallMillis);
        time(entry, info, Moment.LAST_DOWNSTREAM_RX, info.requestCompleteNanos);
        time(entry, info, Moment.FIRST_UPSTREAM_TX, info.upstreamRequestNanos);
        time(entry, info, Moment.LAST_UPSTREAM_TX, info.upstreamRequestCompleteNanos);
        time(entry, info, Moment.FIRST_UPSTREAM_RX, info.upstreamResponseNanos);
        time(entry, info, Moment.LAST_UPSTREAM_RX, info.upstreamResponseCompleteNanos);
        time(entry, info, Moment.FIRST_DOWNSTREAM_TX, info.responseNanos);
        time(entry, info, Moment.LAST_DOWNSTREAM_TX, info.responseComplete ? info.endNanos : 0);
        time(entry, info, Moment.END, info.endNanos);
    }

    private static void time(LogEntry entry, StreamInfo info, Moment moment, long nanos) {
        if (nanos != 0) {
            entry.time(moment, nanos - info.startNanos);
        }
    }

    private static void downstream(LogEntry entry, StreamInfo info) {
        ConnectionView client = info.downstream;
        entry.downstream(client.remoteAddress(), client.directRemoteAddress(), client.localAddress());
        if (!info.downstreamRemoteIp.isEmpty()) {
            entry.downstreamRemoteIp(info.downstreamRemoteIp);
        }
        entry.downstreamTransportFailure(info.downstreamTransportFailure);
        TlsSession tls = client.tls();
        if (tls != null) {
            entry.downstreamTls(new TlsProperties(
                    tls.version(),
                    tls.cipherNumber(),
                    tls.sessionId(),
                    client.serverName(),
                    client.ja3(),
                    certificate(tls.local(), false),
                    certificate(tls.peer(), true)));
        }
        client.metadata().filterMetadata().forEach(entry::metadata);
    }

    private static Certificate certificate(Optional<CertificateFacts> shown, boolean withIssuer) {
        return shown.map(facts -> new Certificate(facts.subject(), withIssuer ? facts.issuer() : "", facts.uriSans()))
                .orElse(Certificate.NONE);
    }

    private static void upstream(LogEntry entry, StreamInfo info) {
        if (info.upstreamHostAddress != null) {
            entry.upstream(info.clusterName, info.upstreamHostAddress, info.upstreamLocalAddress);
        }
        entry.upstreamTransportFailure(info.upstreamTransportFailure);
    }

    private static void outcome(LogEntry entry, StreamInfo info) {
        for (ResponseFlag flag : info.flagged()) {
            entry.flag(flag.name());
        }
        entry.routeName(info.routeName);
        entry.attempts(info.attempts);
        entry.connectionTerminationDetails(info.connectionTerminationDetails);
        entry.type(info.accessLogType.isEmpty() ? "NotSet" : info.accessLogType);
        entry.bytes(info.bytesReceived, info.bytesSent);
        entry.protocol(info.protocol);
    }

    private static void filterState(LogEntry entry, StreamInfo info, String object) {
        String json = switch (object) {
            case FormatOperator.TUNNEL_RESPONSE_HEADERS -> info.tunnelResponseHeaders;
            case FormatOperator.TUNNEL_RESPONSE_TRAILERS -> info.tunnelResponseTrailers;
            default -> "";
        };
        if (!json.isEmpty()) {
            entry.filterState(object, json);
        }
    }

    /** The request's id, or what the connection is called. */
    private static String name(StreamInfo info, HeaderView request, Loop loop) {
        if (info.protocol.isEmpty()) {
            return info.connectionName(loop.random());
        }
        String id = request.get("x-request-id");
        return id == null ? "" : Utf8Chars.decode(id);
    }

    private void request(LogEntry entry, StreamInfo info, HeaderView request) {
        String method = request.get(":method");
        if (method != null) {
            entry.method(method);
        }
        text(entry, RequestText.SCHEME, request, ":scheme");
        text(entry, RequestText.AUTHORITY, request, ":authority");
        text(entry, RequestText.PATH, request, ":path");
        text(entry, RequestText.USER_AGENT, request, "user-agent");
        text(entry, RequestText.REFERER, request, "referer");
        text(entry, RequestText.FORWARDED_FOR, request, "x-forwarded-for");
        text(entry, RequestText.REQUEST_ID, request, "x-request-id");
        text(entry, RequestText.ORIGINAL_PATH, request, "x-envoy-original-path");
        entry.headerBytes(info.requestHeadersBytes, info.responseHeadersBytes);
        chosen(config.requestHeaders(), request, entry::requestHeader);
    }

    private static void text(LogEntry entry, RequestText what, HeaderView request, String name) {
        String value = request.get(name);
        if (value != null) {
            entry.request(what, Utf8Chars.decode(value));
        }
    }

    private void response(LogEntry entry, StreamInfo info, HeaderView response) {
        if (info.responseCode != 0) {
            entry.responseCode(info.responseCode);
        }
        entry.responseCodeDetails(info.responseCodeDetails);
        chosen(config.responseHeaders(), response, entry::responseHeader);
        chosen(config.responseTrailers(), info.responseTrailers, entry::responseTrailer);
    }

    private static void chosen(List<String> names, HeaderView fields, BiConsumer<String, String> told) {
        for (String name : names) {
            String value = fields.joined(name);
            if (value != null) {
                told.accept(name, Utf8Chars.decode(value));
            }
        }
    }
}
