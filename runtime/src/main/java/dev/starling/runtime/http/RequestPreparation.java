package dev.starling.runtime.http;

import dev.starling.config.CidrRange;
import dev.starling.config.http.ClientAddress;
import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.http.HttpLimits.UnderscoreAction;
import dev.starling.runtime.accesslog.ResponseFlag;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.http.filter.LocalReply;
import dev.starling.runtime.message.DownstreamConnection;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.route.AuthorityRules;
import dev.starling.runtime.route.HeaderLines;
import dev.starling.runtime.route.PathNormalizer;
import dev.starling.runtime.route.PathVerdict;
import dev.starling.runtime.route.RouteTableSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the connection manager does to the head of a request before any filter sees it, in Envoy's order: checks,
 * hop-by-hop headers, the client's address, which of Envoy's headers may be trusted, the request id, the path.
 */
final class RequestPreparation {

    /** What an external client may not tell us. */
    private static final List<HeaderName> INTERNAL_ONLY = List.of(
            HeaderName.X_ENVOY_RETRY_ON,
            HeaderName.X_ENVOY_RETRY_GRPC_ON,
            HeaderName.X_ENVOY_MAX_RETRIES,
            HeaderName.X_ENVOY_RETRIABLE_STATUS_CODES,
            HeaderName.X_ENVOY_RETRIABLE_HEADER_NAMES,
            HeaderName.of("x-envoy-upstream-alt-stat-name"),
            HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_MS,
            HeaderName.X_ENVOY_UPSTREAM_RQ_PER_TRY_TIMEOUT_MS,
            HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_ALT_RESPONSE,
            HeaderName.X_ENVOY_EXPECTED_RQ_TIMEOUT_MS,
            HeaderName.X_ENVOY_FORCE_TRACE,
            HeaderName.of("x-envoy-ip-tags"),
            HeaderName.X_ENVOY_HEDGE_ON_PER_TRY_TIMEOUT,
            HeaderName.of("x-envoy-original-url"));

    /** What a client at the edge may not tell us either. */
    private static final List<HeaderName> NOT_FROM_THE_EDGE = List.of(
            HeaderName.of("x-envoy-decorator-operation"),
            HeaderName.of("x-envoy-downstream-service-cluster"),
            HeaderName.of("x-envoy-downstream-service-node"),
            HeaderName.X_ENVOY_ORIGINAL_HOST,
            HeaderName.X_ENVOY_ORIGINAL_PATH);

    private final HttpConnectionManager config;
    private final ConnectionManagerStats stats;
    private final AuthorityRules authorities;
    private final PathNormalizer paths;
    private final ForwardedCertificate clientCertificate;
    /** What a client on this machine is passed on as; empty if none is. */
    private final String ownAddress;

    private final RouteTableSource routes;

    RequestPreparation(HttpConnectionManager config, RouteTableSource routes, ConnectionManagerStats stats) {
        this.config = config;
        this.stats = stats;
        this.authorities = new AuthorityRules(config.path());
        this.paths = new PathNormalizer(config.path());
        this.clientCertificate = new ForwardedCertificate(config.clientCertificate());
        this.routes = routes;
        this.ownAddress = config.clientAddress().useRemoteAddress() ? OwnAddress.read() : "";
    }

    @Nullable
    LocalReply prepare(Exchange exchange, RequestHead head) {
        String scheme = head.scheme();
        if (head.protocol() != Protocol.HTTP_2) {
            head.scheme(""); // not told before it is known whose word counts
        }
        LocalReply refusal = check(exchange, head);
        if (refusal == null) {
            refusal = path(exchange, head);
        }
        if (refusal != null) {
            return refusal;
        }
        Headers headers = head.headers();
        headers.remove(HeaderName.KEEP_ALIVE);
        headers.remove(HeaderName.PROXY_CONNECTION);
        if (headers.contains(HeaderName.TE) && !headers.valueEquals(HeaderName.TE, "trailers")) {
            headers.remove(HeaderName.TE);
        }
        if (head.upgrade().isEmpty()) {
            headers.remove(HeaderName.UPGRADE);
        }
        boolean internal = clientAddress(exchange, headers, scheme);
        head.scheme(forwardedScheme(headers, scheme));
        trust(exchange, head, internal);
        clientCertificate.apply(headers, exchange.connection().tls());
        requestId(exchange, headers, internal);
        if (!config.via().isEmpty()) {
            String via = HeaderLines.join(headers, HeaderName.VIA);
            headers.set(HeaderName.VIA, via == null ? config.via() : via + ", " + config.via());
        }
        return null;
    }

    /** What the first proxy was asked by, if it says so in words we know (Envoy: {@code setScheme}). */
    private static String forwardedScheme(Headers headers, String scheme) {
        String forwarded = headers.get(HeaderName.X_FORWARDED_PROTO);
        return forwarded != null && (forwarded.equals("https") || forwarded.equals("http")) ? forwarded : scheme;
    }

    static void fill(Exchange exchange, RequestHead head) {
        StreamInfo info = exchange.info();
        info.protocol = head.protocol().toString();
        info.downstream = exchange.connection();
    }

    private @Nullable LocalReply check(Exchange exchange, RequestHead head) {
        head.authority(authorities.apply(
                head.authority(),
                exchange.connection().localAddress() instanceof InetSocketAddress local ? local.getPort() : 0));
        if (head.authority().isEmpty()) {
            if (!config.streamErrorOnInvalidMessage()) {
                exchange.connectionClosesAfterResponse();
            }
            return LocalReply.of(400, "", null, "missing_host_header");
        }
        if (head.path().isEmpty() && !head.isConnect()) {
            return LocalReply.of(404, "", null, "missing_path_rejected");
        }
        if (!head.isConnect() && head.path().charAt(0) != '/') {
            stats.rqNonRelativePath.inc(exchange.loop().stats());
            return LocalReply.of(404, "", null, "absolute_path_rejected");
        }
        // With HTTP/2 the connection has looked after them, in trailers too.
        return config.limits().underscores() == UnderscoreAction.ALLOW || head.protocol() == Protocol.HTTP_2
                ? null
                : underscores(exchange, head.headers());
    }

    private @Nullable LocalReply underscores(Exchange exchange, Headers headers) {
        for (int i = headers.size() - 1; i >= 0; i--) {
            if (headers.name(i).indexOf('_') < 0) {
                continue;
            }
            if (config.limits().underscores() == UnderscoreAction.REJECT_REQUEST) {
                stats.requestsRejectedWithUnderscores.inc(exchange.loop().stats());
                exchange.connectionClosesAfterResponse();
                return LocalReply.of(400, "Bad Request", ResponseFlag.DPE, "http1.unexpected_underscore");
            }
            stats.headersDroppedWithUnderscores.inc(exchange.loop().stats());
            headers.removeAt(i);
        }
        return null;
    }

    /** Finds the client's address and passes it on; returns whether the request is internal. */
    private boolean clientAddress(Exchange exchange, Headers headers, String scheme) {
        ClientAddress rules = config.clientAddress();
        DownstreamConnection connection = exchange.connection();
        String peer = connection.remoteIp();
        String forwardedFor = HeaderLines.join(headers, HeaderName.X_FORWARDED_FOR);
        String told = null;
        boolean mayBeInternal; // only if nobody else can have been on the way
        if (rules.useRemoteAddress()) {
            mayBeInternal = forwardedFor == null;
            if (rules.xffTrustedHops() > 0) {
                told = ForwardedFor.fromRight(forwardedFor, rules.xffTrustedHops());
            }
            if (!rules.skipXffAppend() && !peer.isEmpty()) { // a Unix domain socket has none
                String hop = OwnAddress.isLoopback(peer) ? ownAddress : peer;
                headers.set(
                        HeaderName.X_FORWARDED_FOR,
                        forwardedFor == null || forwardedFor.isEmpty() ? hop : forwardedFor + "," + hop);
            }
            if (rules.xffTrustedHops() == 0 || !headers.contains(HeaderName.X_FORWARDED_PROTO)) {
                headers.set(HeaderName.X_FORWARDED_PROTO, scheme);
            }
        } else {
            told = ForwardedFor.fromRight(forwardedFor, rules.xffTrustedHops() + 1);
            mayBeInternal = told != null
                    && rules.xffTrustedHops() == 0
                    && forwardedFor != null
                    && forwardedFor.indexOf(',') < 0;
            if (!headers.contains(HeaderName.X_FORWARDED_PROTO)) {
                headers.add(HeaderName.X_FORWARDED_PROTO, scheme);
            }
        }
        String client = told == null ? peer : told;
        exchange.info().downstreamRemoteIp = client.equals(peer) ? "" : client;
        return mayBeInternal && internal(client);
    }

    private boolean internal(String client) {
        List<CidrRange> ranges = config.clientAddress().internalRanges();
        if (ranges.isEmpty()) {
            return false;
        }
        try {
            InetAddress address = InetAddress.ofLiteral(client);
            return ranges.stream().anyMatch(range -> range.contains(address));
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    private void trust(Exchange exchange, RequestHead head, boolean internal) {
        Headers headers = head.headers();
        boolean edge = !internal && config.clientAddress().useRemoteAddress();
        if (headers.anyNameStartsWith("x-envoy-")) {
            headers.remove(HeaderName.X_ENVOY_INTERNAL);
            if (!internal) {
                headers.removeAll(INTERNAL_ONLY);
                headers.removeAll(routes.table(head).internalOnlyHeaders());
            }
            if (edge) {
                headers.removeAll(NOT_FROM_THE_EDGE);
            }
        } else if (!internal) {
            headers.removeAll(routes.table(head).internalOnlyHeaders());
        }
        if (internal) {
            headers.add(HeaderName.X_ENVOY_INTERNAL, "true");
        }
        String told = exchange.info().downstreamRemoteIp;
        String client = told.isEmpty() ? exchange.connection().remoteIp() : told;
        if (edge && !client.isEmpty()) {
            headers.set(HeaderName.X_ENVOY_EXTERNAL_ADDRESS, client);
        }
    }

    private void requestId(Exchange exchange, Headers headers, boolean internal) {
        String id = HeaderLines.join(headers, HeaderName.X_REQUEST_ID);
        if (!config.requestId().generate()) {
            return;
        }
        boolean edge = !internal && config.clientAddress().useRemoteAddress();
        if (edge && !config.requestId().preserveExternal()) {
            id = null;
        }
        if (id == null || id.isEmpty()) {
            headers.set(HeaderName.X_REQUEST_ID, UuidText.random(exchange.loop().random()));
        }
    }

    private @Nullable LocalReply path(Exchange exchange, RequestHead head) {
        if (head.isConnect()) {
            return null;
        }
        return switch (paths.normalize(head.path())) {
            case PathVerdict.Fixed.UNCHANGED -> null;
            case PathVerdict.Fixed.REJECTED -> pathRejected(exchange);
            case PathVerdict.Changed changed -> {
                head.path(changed.path());
                yield null;
            }
            case PathVerdict.Redirected _ when exchange.grpc() -> pathRejected(exchange);
            case PathVerdict.Redirected redirected -> {
                Headers location = new Headers();
                location.add(HeaderName.LOCATION, redirected.location());
                head.path(redirected.location());
                yield new LocalReply(307, "", null, "path_normalization_failed", location);
            }
        };
    }

    private LocalReply pathRejected(Exchange exchange) {
        stats.rqFailedPathNormalization.inc(exchange.loop().stats());
        exchange.connectionClosesAfterResponse();
        return LocalReply.of(400, "", null, "path_normalization_failed");
    }
}
