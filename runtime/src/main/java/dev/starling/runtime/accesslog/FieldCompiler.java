package dev.starling.runtime.accesslog;

import dev.starling.config.accesslog.FormatOperator;
import dev.starling.config.accesslog.FormatString.Operator;
import dev.starling.runtime.grpc.ContentTypes;
import dev.starling.runtime.grpc.GrpcStatus;
import dev.starling.runtime.time.Clock;
import dev.starling.runtime.tls.CertificateFacts;
import dev.starling.runtime.tls.TlsSession;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Makes an operator of a format ready to run. */
final class FieldCompiler {

    private static final long NANOS_A_MILLI = 1_000_000;
    private static final NumberField.Value START = info -> info.startNanos;

    private final Clock clock;
    private final String hostname;
    private final Map<String, String> environment;

    FieldCompiler(Clock clock, String hostname, Map<String, String> environment) {
        this.clock = clock;
        this.hostname = hostname;
        this.environment = environment;
    }

    Field compile(Operator operator) {
        Field field = field(operator);
        return operator.maxLength().isPresent()
                ? truncated(field, operator.maxLength().getAsInt())
                : field;
    }

    private Field field(Operator operator) {
        return switch (operator.operator()) {
            case START_TIME -> time(operator, FieldCompiler::startEpochNanos);
            case EMIT_TIME -> time(operator, info -> startEpochNanos(info) + end(info) - info.startNanos);
            case REQUEST_HEADERS_BYTES -> NumberField.of(info -> info.requestHeadersBytes);
            case RESPONSE_HEADERS_BYTES -> NumberField.of(info -> info.responseHeadersBytes);
            case BYTES_RECEIVED -> NumberField.of(info -> info.bytesReceived);
            case BYTES_SENT -> NumberField.of(info -> info.bytesSent);
            case PROTOCOL -> text(info -> info.protocol);
            case UPSTREAM_PROTOCOL -> text(info -> info.upstreamProtocol);
            case RESPONSE_CODE -> NumberField.of(info -> info.responseCode);
            case RESPONSE_CODE_DETAILS ->
                operator.argument().equals("ALLOW_WHITESPACES")
                        ? text(info -> info.responseCodeDetails)
                        : unspaced(info -> info.responseCodeDetails);
            case CONNECTION_TERMINATION_DETAILS -> text(info -> info.connectionTerminationDetails);
            case RESPONSE_FLAGS -> flags(false);
            case RESPONSE_FLAGS_LONG -> flags(true);
            case DURATION -> NumberField.millis(START, this::end);
            case REQUEST_DURATION -> NumberField.millis(START, info -> info.requestCompleteNanos);
            case REQUEST_TX_DURATION -> NumberField.millis(START, info -> info.upstreamRequestCompleteNanos);
            case RESPONSE_DURATION -> NumberField.millis(START, info -> info.upstreamResponseNanos);
            case RESPONSE_TX_DURATION -> NumberField.millis(info -> info.upstreamResponseNanos, info -> info.endNanos);
            case REQ -> header(operator, Message.REQUEST);
            case RESP -> header(operator, Message.RESPONSE);
            case TRAILER -> header(operator, Message.TRAILERS);
            case ROUTE_NAME -> text(info -> info.routeName);
            case UPSTREAM_HOST -> text(info -> info.upstreamHost);
            case UPSTREAM_CLUSTER, UPSTREAM_CLUSTER_RAW -> text(info -> info.clusterName);
            case UPSTREAM_LOCAL_ADDRESS -> AddressFields.whole(info -> info.upstreamLocalAddress);
            case UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT -> AddressFields.withoutPort(info -> info.upstreamLocalAddress);
            case UPSTREAM_LOCAL_PORT -> AddressFields.port(info -> info.upstreamLocalAddress);
            case UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT -> AddressFields.withoutPort(info -> info.upstreamRemoteAddress);
            case UPSTREAM_REMOTE_PORT -> AddressFields.port(info -> info.upstreamRemoteAddress);
            case UPSTREAM_REMOTE_ADDRESS -> AddressFields.whole(info -> info.upstreamRemoteAddress);
            case UPSTREAM_REQUEST_ATTEMPT_COUNT -> NumberField.of(info -> info.attempts);
            case UPSTREAM_TRANSPORT_FAILURE_REASON -> unspaced(info -> info.upstreamTransportFailure);
            case DOWNSTREAM_REMOTE_ADDRESS -> AddressFields.client(true);
            case DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT -> AddressFields.client(false);
            case DOWNSTREAM_REMOTE_PORT -> AddressFields.clientPort();
            case DOWNSTREAM_DIRECT_REMOTE_PORT -> AddressFields.port(info -> info.downstream.directRemoteAddress());
            case DOWNSTREAM_DIRECT_REMOTE_ADDRESS -> AddressFields.whole(info -> info.downstream.directRemoteAddress());
            case DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT ->
                AddressFields.withoutPort(info -> info.downstream.directRemoteAddress());
            case DOWNSTREAM_LOCAL_ADDRESS -> AddressFields.whole(info -> info.downstream.localAddress());
            case DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT ->
                AddressFields.withoutPort(info -> info.downstream.localAddress());
            case DOWNSTREAM_LOCAL_PORT -> AddressFields.port(info -> info.downstream.localAddress());
            case CONNECTION_ID -> NumberField.of(info -> info.downstream.id());
            case STREAM_ID -> header("x-request-id", "", Message.REQUEST);
            case HOSTNAME -> constant(hostname);
            case LOCAL_REPLY_BODY -> textOrEmpty(info -> info.localReplyBody);
            case FILTER_CHAIN_NAME -> text(info -> info.downstream.filterChainName());
            case ACCESS_LOG_TYPE -> accessLogType();
            // A dash even where missing values are left empty, as in Envoy: it is the variable's value.
            case ENVIRONMENT -> constant(environment.getOrDefault(operator.argument(), "-"));
            case PATH -> RequestTarget.path(operator.argument());
            case QUERY_PARAM -> RequestTarget.queryParameter(operator.argument());
            case GRPC_STATUS ->
                switch (operator.argument()) {
                    case "SNAKE_STRING" -> grpcStatus(GrpcStatus::snakeName);
                    case "NUMBER" -> grpcStatusNumber();
                    default -> grpcStatus(GrpcStatus::camelName);
                };
            case GRPC_STATUS_NUMBER -> grpcStatusNumber();
            case REQUESTED_SERVER_NAME -> text(info -> info.downstream.serverName());
            case DOWNSTREAM_TRANSPORT_FAILURE_REASON -> unspaced(info -> info.downstreamTransportFailure);
            case DOWNSTREAM_TLS_CIPHER -> TlsFields.ofSession(TlsFields.DOWNSTREAM, TlsSession::cipher);
            case DOWNSTREAM_TLS_VERSION -> TlsFields.ofSession(TlsFields.DOWNSTREAM, TlsSession::version);
            case DOWNSTREAM_TLS_SESSION_ID -> TlsFields.ofSession(TlsFields.DOWNSTREAM, TlsSession::sessionId);
            case DOWNSTREAM_LOCAL_SUBJECT -> TlsFields.ofLocal(CertificateFacts::subject);
            case DOWNSTREAM_LOCAL_URI_SAN -> TlsFields.ofLocal(facts -> TlsFields.list(facts.uriSans()));
            case DOWNSTREAM_LOCAL_DNS_SAN -> TlsFields.ofLocal(facts -> TlsFields.list(facts.dnsSans()));
            case DOWNSTREAM_LOCAL_IP_SAN -> TlsFields.ofLocal(facts -> TlsFields.list(facts.ipSans()));
            case DOWNSTREAM_PEER_SUBJECT -> TlsFields.ofPeer(TlsFields.DOWNSTREAM, CertificateFacts::subject);
            case DOWNSTREAM_PEER_ISSUER -> TlsFields.ofPeer(TlsFields.DOWNSTREAM, CertificateFacts::issuer);
            case DOWNSTREAM_PEER_SERIAL -> TlsFields.ofPeer(TlsFields.DOWNSTREAM, CertificateFacts::serial);
            case DOWNSTREAM_PEER_FINGERPRINT_256 -> TlsFields.ofPeer(TlsFields.DOWNSTREAM, CertificateFacts::sha256);
            case DOWNSTREAM_PEER_FINGERPRINT_1 -> TlsFields.ofPeer(TlsFields.DOWNSTREAM, CertificateFacts::sha1);
            case DOWNSTREAM_PEER_CERT -> TlsFields.ofPeer(TlsFields.DOWNSTREAM, CertificateFacts::urlEncodedPem);
            case DOWNSTREAM_PEER_URI_SAN ->
                TlsFields.ofPeer(TlsFields.DOWNSTREAM, facts -> TlsFields.list(facts.uriSans()));
            case DOWNSTREAM_PEER_DNS_SAN ->
                TlsFields.ofPeer(TlsFields.DOWNSTREAM, facts -> TlsFields.list(facts.dnsSans()));
            case DOWNSTREAM_PEER_IP_SAN ->
                TlsFields.ofPeer(TlsFields.DOWNSTREAM, facts -> TlsFields.list(facts.ipSans()));
            case DOWNSTREAM_PEER_CERT_V_START -> TlsFields.time(operator.argument(), CertificateFacts::validFrom);
            case DOWNSTREAM_PEER_CERT_V_END -> TlsFields.time(operator.argument(), CertificateFacts::validTo);
            case UPSTREAM_TLS_CIPHER -> TlsFields.ofSession(TlsFields.UPSTREAM, TlsSession::cipher);
            case UPSTREAM_TLS_VERSION -> TlsFields.ofSession(TlsFields.UPSTREAM, TlsSession::version);
            case UPSTREAM_TLS_SESSION_ID -> TlsFields.ofSession(TlsFields.UPSTREAM, TlsSession::sessionId);
            case UPSTREAM_PEER_SUBJECT -> TlsFields.ofPeer(TlsFields.UPSTREAM, CertificateFacts::subject);
            case UPSTREAM_PEER_ISSUER -> TlsFields.ofPeer(TlsFields.UPSTREAM, CertificateFacts::issuer);
            case UPSTREAM_PEER_CERT -> TlsFields.ofPeer(TlsFields.UPSTREAM, CertificateFacts::urlEncodedPem);
            case DYNAMIC_METADATA -> MetadataField.of(operator.argument());
            case FILTER_STATE -> keptObject(operator.argument());
            case TLS_JA3_FINGERPRINT -> text(info -> info.downstream.ja3());
            case TLS_JA4_FINGERPRINT -> text(info -> info.downstream.ja4());
        };
    }

    /** The end, or now. */
    private long end(StreamInfo info) {
        return info.endNanos == 0 ? clock.nanoTime() : info.endNanos;
    }

    private static long startEpochNanos(StreamInfo info) {
        return info.startWallMillis * NANOS_A_MILLI;
    }

    private static Field time(Operator operator, NumberField.Value epochNanos) {
        TimeFormat format = new TimeFormat(operator.argument().isEmpty() ? TimeFormat.ISO : operator.argument());
        return (info, request, response, out) -> {
            format.append(epochNanos.of(info), out);
            return true;
        };
    }

    static Field constant(String text) {
        String chars = Utf8Chars.of(text);
        return (info, request, response, out) -> {
            out.append(chars);
            return true;
        };
    }

    /** A text that is missing if it is empty. */
    private static Field text(Function<StreamInfo, String> source) {
        return (info, request, response, out) -> {
            String text = source.apply(info);
            out.append(Utf8Chars.of(text));
            return !text.isEmpty();
        };
    }

    private static Field textOrEmpty(Function<StreamInfo, String> source) {
        return (info, request, response, out) -> {
            out.append(Utf8Chars.of(source.apply(info)));
            return true;
        };
    }

    /** With underscores for spaces, so that an entry still splits into columns. */
    private static Field unspaced(Function<StreamInfo, String> source) {
        return text(info -> {
            String text = source.apply(info);
            return text.indexOf(' ') < 0 ? text : text.replace(' ', '_');
        });
    }

    private static Field accessLogType() {
        return textOrEmpty(info -> info.accessLogType.isEmpty() ? "NotSet" : info.accessLogType);
    }

    private static Field grpcStatus(IntFunction<String> name) {
        return (info, request, response, out) -> {
            int status = grpcStatus(info, request);
            if (status == GrpcStatus.NONE) {
                return false;
            }
            out.append(name.apply(status));
            return true;
        };
    }

    private static Field grpcStatusNumber() {
        return grpcStatus(Integer::toString);
    }

    private static int grpcStatus(StreamInfo info, HeaderView request) {
        return ContentTypes.isGrpc(request.get("content-type")) ? info.grpcStatus(true) : GrpcStatus.NONE;
    }

    private static Field flags(boolean longNames) {
        return (info, request, response, out) -> {
            List<ResponseFlag> flags = info.flagged();
            if (flags.isEmpty()) {
                out.append('-');
            }
            for (int i = 0; i < flags.size(); i++) {
                ResponseFlag flag = flags.get(i);
                out.append(i == 0 ? "" : ",").append(longNames ? flag.longName() : flag.name());
            }
            return true;
        };
    }

    private enum Message {
        REQUEST,
        RESPONSE,
        TRAILERS
    }

    /** Only its typed form has a text, as in Envoy. */
    private static Field keptObject(String argument) {
        if (argument.endsWith(":PLAIN")) {
            return (info, request, response, out) -> false;
        }
        return new JsonField(
                argument.startsWith(FormatOperator.TUNNEL_RESPONSE_HEADERS)
                        ? info -> info.tunnelResponseHeaders
                        : info -> info.tunnelResponseTrailers);
    }

    private static Field header(Operator operator, Message message) {
        return header(operator.header(), operator.alternativeHeader(), message);
    }

    private static Field header(String name, String alternative, Message message) {
        return (info, request, response, out) -> {
            HeaderView headers = switch (message) {
                case REQUEST -> request;
                case RESPONSE -> response;
                case TRAILERS -> info.responseTrailers;
            };
            String value = headers.get(name);
            if (value == null && !alternative.isEmpty()) {
                value = headers.get(alternative);
            }
            if (value == null) {
                return false;
            }
            out.append(value);
            return true;
        };
    }

    private static Field truncated(Field field, int maxLength) {
        return (info, request, response, out) -> {
            int start = out.length();
            boolean present = field.append(info, request, response, out);
            if (out.length() - start > maxLength) {
                out.setLength(start + maxLength);
            }
            return present;
        };
    }
}
