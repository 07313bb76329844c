package dev.starling.runtime.route;

import java.util.Set;

/**
 * The headers of which Envoy keeps one line, so that what is appended is joined with a comma; any other header gets a line
 * more. Found by asking Envoy 1.40.
 */
public final class SingleLineHeaders {

    static final Set<String> REQUEST = Set.of(
            "accept",
            "accept-encoding",
            "access-control-request-headers",
            "access-control-request-method",
            "authorization",
            "cache-control",
            "content-encoding",
            "content-type",
            "expect",
            "grpc-accept-encoding",
            "grpc-timeout",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "keep-alive",
            "origin",
            "pragma",
            "proxy-status",
            "referer",
            "te",
            "user-agent",
            "via",
            "x-client-trace-id",
            "x-envoy-attempt-count",
            "x-envoy-decorator-operation",
            "x-envoy-downstream-service-cluster",
            "x-envoy-downstream-service-node",
            "x-envoy-external-address",
            "x-envoy-force-trace",
            "x-envoy-internal",
            "x-envoy-ip-tags",
            "x-envoy-original-host",
            "x-envoy-original-path",
            "x-envoy-original-url",
            "x-envoy-upstream-alt-stat-name",
            "x-envoy-upstream-rq-timeout-ms",
            "x-forwarded-client-cert",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-proto",
            "x-request-id");

    public static final Set<String> RESPONSE = Set.of(
            "access-control-allow-credentials",
            "access-control-allow-headers",
            "access-control-allow-methods",
            "access-control-allow-origin",
            "access-control-expose-headers",
            "access-control-max-age",
            "age",
            "cache-control",
            "content-encoding",
            "content-type",
            "date",
            "etag",
            "expires",
            "grpc-message",
            "grpc-status",
            "keep-alive",
            "last-modified",
            "location",
            "proxy-status",
            "server",
            "vary",
            "via",
            "x-envoy-attempt-count",
            "x-envoy-decorator-operation",
            "x-envoy-degraded",
            "x-envoy-immediate-health-check-fail",
            "x-envoy-ratelimited",
            "x-envoy-upstream-canary",
            "x-envoy-upstream-service-time",
            "x-request-id");

    private SingleLineHeaders() {}
}
