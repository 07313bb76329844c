package dev.starling.runtime.message;

import java.nio.charset.StandardCharsets;

/** A header name known in advance: lower case, with the hash by which {@link Headers} finds it. */
public final class HeaderName {

    public static final HeaderName CONNECTION = of("connection");
    public static final HeaderName CONTENT_LENGTH = of("content-length");
    public static final HeaderName CONTENT_TYPE = of("content-type");
    public static final HeaderName DATE = of("date");
    public static final HeaderName EXPECT = of("expect");
    public static final HeaderName GRPC_TIMEOUT = of("grpc-timeout");
    public static final HeaderName GRPC_ACCEPT_ENCODING = of("grpc-accept-encoding");
    public static final HeaderName GRPC_STATUS = of("grpc-status");
    public static final HeaderName GRPC_MESSAGE = of("grpc-message");
    public static final HeaderName HOST = of("host");
    public static final HeaderName KEEP_ALIVE = of("keep-alive");
    public static final HeaderName LOCATION = of("location");
    public static final HeaderName PROXY_CONNECTION = of("proxy-connection");
    public static final HeaderName SERVER = of("server");
    public static final HeaderName TE = of("te");
    public static final HeaderName TRAILER = of("trailer");
    public static final HeaderName TRANSFER_ENCODING = of("transfer-encoding");
    public static final HeaderName UPGRADE = of("upgrade");
    public static final HeaderName USER_AGENT = of("user-agent");
    public static final HeaderName VIA = of("via");
    public static final HeaderName X_ENVOY_ATTEMPT_COUNT = of("x-envoy-attempt-count");
    public static final HeaderName X_ENVOY_EXPECTED_RQ_TIMEOUT_MS = of("x-envoy-expected-rq-timeout-ms");
    public static final HeaderName X_ENVOY_EXTERNAL_ADDRESS = of("x-envoy-external-address");
    public static final HeaderName X_ENVOY_FORCE_TRACE = of("x-envoy-force-trace");
    public static final HeaderName X_ENVOY_HEDGE_ON_PER_TRY_TIMEOUT = of("x-envoy-hedge-on-per-try-timeout");
    public static final HeaderName X_ENVOY_INTERNAL = of("x-envoy-internal");
    public static final HeaderName X_ENVOY_IS_TIMEOUT_RETRY = of("x-envoy-is-timeout-retry");
    public static final HeaderName X_ENVOY_MAX_RETRIES = of("x-envoy-max-retries");
    public static final HeaderName X_ENVOY_ORIGINAL_HOST = of("x-envoy-original-host");
    public static final HeaderName X_ENVOY_ORIGINAL_PATH = of("x-envoy-original-path");
    public static final HeaderName X_ENVOY_OVERLOADED = of("x-envoy-overloaded");
    public static final HeaderName X_ENVOY_RATELIMITED = of("x-envoy-ratelimited");
    public static final HeaderName X_ENVOY_RETRIABLE_HEADER_NAMES = of("x-envoy-retriable-header-names");
    public static final HeaderName X_ENVOY_RETRIABLE_STATUS_CODES = of("x-envoy-retriable-status-codes");
    public static final HeaderName X_ENVOY_RETRY_GRPC_ON = of("x-envoy-retry-grpc-on");
    public static final HeaderName X_ENVOY_RETRY_ON = of("x-envoy-retry-on");
    public static final HeaderName X_ENVOY_UPSTREAM_CANARY = of("x-envoy-upstream-canary");
    public static final HeaderName X_ENVOY_UPSTREAM_RQ_PER_TRY_TIMEOUT_MS =
            of("x-envoy-upstream-rq-per-try-timeout-ms");
    public static final HeaderName X_ENVOY_UPSTREAM_RQ_TIMEOUT_ALT_RESPONSE =
            of("x-envoy-upstream-rq-timeout-alt-response");
    public static final HeaderName X_ENVOY_UPSTREAM_RQ_TIMEOUT_MS = of("x-envoy-upstream-rq-timeout-ms");
    public static final HeaderName X_ENVOY_UPSTREAM_SERVICE_TIME = of("x-envoy-upstream-service-time");
    public static final HeaderName X_ENVOY_UPSTREAM_STREAM_DURATION_MS = of("x-envoy-upstream-stream-duration-ms");
    public static final HeaderName X_FORWARDED_FOR = of("x-forwarded-for");
    public static final HeaderName X_FORWARDED_HOST = of("x-forwarded-host");
    public static final HeaderName X_FORWARDED_PROTO = of("x-forwarded-proto");
    public static final HeaderName X_REQUEST_ID = of("x-request-id");

    private final String text;
    private final byte[] bytes;
    private final int hash;

    private HeaderName(String text) {
        this.text = text;
        this.bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int h = 0;
        for (byte b : bytes) {
            h = h * 31 + b;
        }
        this.hash = h;
    }

    /** The name, in lower case; a token of RFC 9110 5.1. */
    public static HeaderName of(String lowerCase) {
        for (int i = 0; i < lowerCase.length(); i++) {
            char c = lowerCase.charAt(i);
            if (c < '!' || c > '~' || HttpChars.inName(c) != c) {
                throw new IllegalArgumentException("not a lower-case header name: " + lowerCase);
            }
        }
        return new HeaderName(lowerCase);
    }

    byte[] bytes() {
        return bytes;
    }

    int hash() {
        return hash;
    }

    @Override
    public String toString() {
        return text;
    }
}
