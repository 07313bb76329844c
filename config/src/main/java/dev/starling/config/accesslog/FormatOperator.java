package dev.starling.config.accesslog;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The operators of Envoy's format strings that this proxy fills in, with what may stand behind the name. */
public enum FormatOperator {
    START_TIME(Argument.OPTIONAL, false),
    EMIT_TIME(Argument.OPTIONAL, false),
    REQUEST_HEADERS_BYTES,
    RESPONSE_HEADERS_BYTES,
    BYTES_RECEIVED,
    BYTES_SENT,
    PROTOCOL,
    UPSTREAM_PROTOCOL,
    RESPONSE_CODE,
    /** {@code ALLOW_WHITESPACES} keeps spaces, which otherwise become underscores. */
    RESPONSE_CODE_DETAILS(Argument.OPTIONAL, false),
    CONNECTION_TERMINATION_DETAILS,
    RESPONSE_FLAGS,
    RESPONSE_FLAGS_LONG,
    DURATION,
    REQUEST_DURATION,
    REQUEST_TX_DURATION,
    RESPONSE_DURATION,
    RESPONSE_TX_DURATION,
    REQ(Argument.HEADERS, true),
    RESP(Argument.HEADERS, true),
    TRAILER(Argument.HEADERS, true),
    ROUTE_NAME,
    UPSTREAM_HOST,
    UPSTREAM_CLUSTER,
    UPSTREAM_CLUSTER_RAW,
    UPSTREAM_LOCAL_ADDRESS,
    UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT,
    UPSTREAM_LOCAL_PORT,
    UPSTREAM_REMOTE_ADDRESS,
    UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT,
    UPSTREAM_REMOTE_PORT,
    UPSTREAM_REQUEST_ATTEMPT_COUNT,
    UPSTREAM_TRANSPORT_FAILURE_REASON,
    DOWNSTREAM_REMOTE_ADDRESS,
    DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT,
    DOWNSTREAM_REMOTE_PORT,
    DOWNSTREAM_DIRECT_REMOTE_ADDRESS,
    DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT,
    DOWNSTREAM_DIRECT_REMOTE_PORT,
    DOWNSTREAM_LOCAL_ADDRESS,
    DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT,
    DOWNSTREAM_LOCAL_PORT,
    CONNECTION_ID,
    STREAM_ID,
    HOSTNAME,
    LOCAL_REPLY_BODY,
    FILTER_CHAIN_NAME,
    ACCESS_LOG_TYPE,
    ENVIRONMENT(Argument.REQUIRED, true),
    /** {@code WQ} or {@code NQ}: with the query (default) or not; then {@code :ORIG}, {@code :PATH}, {@code :ORIG_OR_PATH}. */
    PATH(Argument.OPTIONAL, true),
    /** {@code CAMEL_STRING} (default), {@code SNAKE_STRING} or {@code NUMBER}. */
    GRPC_STATUS(Argument.OPTIONAL, false),
    GRPC_STATUS_NUMBER,
    QUERY_PARAM(Argument.REQUIRED, true),
    /** A namespace, or {@code NAMESPACE:KEY}. */
    DYNAMIC_METADATA(Argument.REQUIRED, true),
    /** One of {@link #KEPT_OBJECTS}, then {@code :TYPED} (default) or {@code :PLAIN}. */
    FILTER_STATE(Argument.REQUIRED, true),
    REQUESTED_SERVER_NAME,
    TLS_JA3_FINGERPRINT,
    TLS_JA4_FINGERPRINT,
    DOWNSTREAM_LOCAL_DNS_SAN,
    DOWNSTREAM_LOCAL_IP_SAN,
    DOWNSTREAM_LOCAL_SUBJECT,
    DOWNSTREAM_LOCAL_URI_SAN,
    DOWNSTREAM_PEER_CERT,
    DOWNSTREAM_PEER_DNS_SAN,
    DOWNSTREAM_PEER_FINGERPRINT_1,
    DOWNSTREAM_PEER_FINGERPRINT_256,
    DOWNSTREAM_PEER_IP_SAN,
    DOWNSTREAM_PEER_ISSUER,
    DOWNSTREAM_PEER_SERIAL,
    DOWNSTREAM_PEER_SUBJECT,
    DOWNSTREAM_PEER_URI_SAN,
    DOWNSTREAM_TLS_CIPHER,
    DOWNSTREAM_TLS_SESSION_ID,
    DOWNSTREAM_TLS_VERSION,
    DOWNSTREAM_TRANSPORT_FAILURE_REASON,
    UPSTREAM_PEER_CERT,
    UPSTREAM_PEER_ISSUER,
    UPSTREAM_PEER_SUBJECT,
    UPSTREAM_TLS_CIPHER,
    UPSTREAM_TLS_SESSION_ID,
    UPSTREAM_TLS_VERSION,
    DOWNSTREAM_PEER_CERT_V_START(Argument.OPTIONAL, false),
    DOWNSTREAM_PEER_CERT_V_END(Argument.OPTIONAL, false);

    /** What logs can say of the answer that opened a tunnel; kept by {@code tunneling_config} of the TCP proxy. */
    public static final String TUNNEL_RESPONSE_HEADERS = "envoy.tcp_proxy.propagate_response_headers";

    /** The same of what came behind it. */
    public static final String TUNNEL_RESPONSE_TRAILERS = "envoy.tcp_proxy.propagate_response_trailers";

    /** Of the objects that Envoy's filters keep, those that ours keep too. */
    static final Set<String> KEPT_OBJECTS = Set.of(TUNNEL_RESPONSE_HEADERS, TUNNEL_RESPONSE_TRAILERS);

    /** Names Envoy knows and we do not fill in: refused with another text than a spelling mistake. */
    private static final Set<String> ENVOY_ONLY = Set.of(
            "CEL",
            "CLUSTER_METADATA",
            "COALESCE",
            "COMMON_DURATION",
            "CUSTOM_FLAGS",
            "DOWNSTREAM_DETECTED_CLOSE_TYPE",
            "DOWNSTREAM_DIRECT_LOCAL_ADDRESS",
            "DOWNSTREAM_HANDSHAKE_DURATION",
            "DOWNSTREAM_HEADER_BYTES_RECEIVED",
            "DOWNSTREAM_HEADER_BYTES_SENT",
            "DOWNSTREAM_LOCAL_ADDRESS_ENDPOINT_ID",
            "DOWNSTREAM_LOCAL_CLOSE_REASON",
            "DOWNSTREAM_WIRE_BYTES_RECEIVED",
            "DOWNSTREAM_WIRE_BYTES_SENT",
            "METADATA",
            "PER_REQUEST_STATE",
            "QUERY_PARAMS",
            "REQ_WITHOUT_QUERY",
            "RESPONSE_TRAILER",
            "RESPONSE_TRAILERS_BYTES",
            "ROUNDTRIP_DURATION",
            "SPAN_ID",
            "TRACE_ID",
            "UNIQUE_ID",
            "UPSTREAM_CONNECTION_ID",
            "UPSTREAM_CONNECTION_IDS_ATTEMPTED",
            "UPSTREAM_CONNECTION_POOL_READY_DURATION",
            "UPSTREAM_DETECTED_CLOSE_TYPE",
            "UPSTREAM_FILTER_STATE",
            "UPSTREAM_HEADER_BYTES_RECEIVED",
            "UPSTREAM_HEADER_BYTES_SENT",
            "UPSTREAM_HOST_NAME",
            "UPSTREAM_HOST_NAMES_ATTEMPTED",
            "UPSTREAM_HOST_NAME_WITHOUT_PORT",
            "UPSTREAM_HOSTS_ATTEMPTED",
            "UPSTREAM_LOCAL_CLOSE_REASON",
            "UPSTREAM_METADATA",
            "UPSTREAM_WIRE_BYTES_RECEIVED",
            "UPSTREAM_WIRE_BYTES_SENT",
            "VIRTUAL_CLUSTER_NAME");

    private static final Map<String, FormatOperator> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Enum::name, Function.identity()));

    private final Argument argument;
    private final boolean takesLength;

    FormatOperator() {
        this(Argument.NONE, false);
    }

    FormatOperator(Argument argument, boolean takesLength) {
        this.argument = argument;
        this.takesLength = takesLength;
    }

    /** What stands in parentheses. */
    enum Argument {
        NONE,
        OPTIONAL,
        REQUIRED,
        /** One header name, or two with {@code ?} between them. */
        HEADERS
    }

    static Optional<FormatOperator> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    static boolean envoyKnows(String name) {
        return BY_NAME.containsKey(name) || ENVOY_ONLY.contains(name);
    }

    Argument argument() {
        return argument;
    }

    boolean takesLength() {
        return takesLength;
    }
}
