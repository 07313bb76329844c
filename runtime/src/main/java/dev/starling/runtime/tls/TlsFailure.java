package dev.starling.runtime.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a handshake failed.
 *
 * @param reason in Envoy's form for {@code %DOWNSTREAM_TRANSPORT_FAILURE_REASON%} and its like; empty if the peer just left
 * @param why the peer was rejected, if it was
 * @param unfinished what was known of the session when the peer was rejected; null if it did not come to that
 */
public record TlsFailure(
        Kind kind,
        String reason,
        PeerRejected.@Nullable Why why,
        @Nullable TlsSession unfinished) {

    private static final String BORINGSSL = "error:";
    private static final String VERIFY_FAILED = "268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED";
    private static final String NO_CERTIFICATE =
            "268435648:SSL routines:OPENSSL_internal:PEER_DID_NOT_RETURN_A_CERTIFICATE"
                    + ":peer did not provide required client certificate";
    private static final String HTTP_REQUEST = "268435612:SSL routines:OPENSSL_internal:HTTP_REQUEST";
    private static final String PROXY_REQUEST = "268435611:SSL routines:OPENSSL_internal:HTTPS_PROXY_REQUEST";
    private static final String WRONG_VERSION = "268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER";
    /** The first letters of requests in clear, as Netty's message shows them in hexadecimal digits. */
    private static final List<String> HTTP_METHODS = List.of("47455420", "504f5354", "48454144", "50555420");

    private static final String HTTP_CONNECT = "434f4e4e";

    /** Envoy's words for what is not there yet, or not any more. */
    static final TlsFailure NO_SECRET =
            new TlsFailure(Kind.PEER_LEFT, "TLS_error:Secret is not supplied by SDS:TLS_error_end");

    /** What is counted. */
    enum Kind {
        /** The peer closed or reset. */
        PEER_LEFT,
        TIMEOUT,
        NO_CERTIFICATE,
        /** The peer's certificate is not good enough. */
        REJECTED,
        /** Nobody knows what the peer speaks. */
        NO_TLS,
        OTHER
    }

    private TlsFailure(Kind kind, String reason) {
        this(kind, reason, null, null);
    }

    TlsFailure with(@Nullable TlsSession session) {
        return new TlsFailure(kind, reason, why, session);
    }

    /** The peer closed or reset the connection. */
    static TlsFailure peerLeft() {
        return new TlsFailure(Kind.PEER_LEFT, "");
    }

    /** Whether it took too long. */
    public boolean isTimeout() {
        return kind == Kind.TIMEOUT;
    }

    static TlsFailure timeout() {
        return new TlsFailure(Kind.TIMEOUT, "");
    }

    static TlsFailure of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PeerRejected rejected) {
                return new TlsFailure(
                        Kind.REJECTED, error(VERIFY_FAILED + separated(rejected.getMessage())), rejected.why(), null);
            }
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage());
            if (cause instanceof NotSslRecordException) {
                String bytes = text.substring(text.lastIndexOf(' ') + 1).toLowerCase(Locale.ROOT);
                return notTls(bytes);
            }
            if (text.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE") || text.contains("Empty client certificate chain")) {
                return new TlsFailure(Kind.NO_CERTIFICATE, error(NO_CERTIFICATE));
            }
            int boringSsl = text.indexOf(BORINGSSL);
            if (boringSsl >= 0) {
                return new TlsFailure(Kind.OTHER, error(inDecimal(text.substring(boringSsl + BORINGSSL.length()))));
            }
        }
        if (isSsl(failure)) {
            return new TlsFailure(Kind.OTHER, error(String.valueOf(failure.getMessage())));
        }
        return peerLeft();
    }

    private static String separated(@Nullable String reason) {
        return reason == null || reason.isEmpty() ? "" : ":" + reason;
    }

    /** @param bytes that came instead, in hexadecimal digits */
    private static TlsFailure notTls(String bytes) {
        if (HTTP_METHODS.stream().anyMatch(bytes::startsWith)) {
            return new TlsFailure(Kind.OTHER, error(HTTP_REQUEST));
        }
        return bytes.startsWith(HTTP_CONNECT)
                ? new TlsFailure(Kind.OTHER, error(PROXY_REQUEST))
                : new TlsFailure(Kind.NO_TLS, error(WRONG_VERSION));
    }

    /** Netty tells the end of a connection as an exception of TLS too. */
    private static boolean isSsl(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        return failure instanceof javax.net.ssl.SSLException
                && !text.contains("Connection closed while SSL/TLS handshake was in progress")
                && !text.contains("closed");
    }

    /** The number of an error, which stands in hexadecimal digits before the first colon, as Envoy writes it. */
    private static String inDecimal(String text) {
        int colon = text.indexOf(':');
        try {
            return colon < 0 ? text : Long.parseLong(text, 0, colon, 16) + text.substring(colon);
        } catch (NumberFormatException unnumbered) {
            return text;
        }
    }

    private static String error(String text) {
        return "TLS_error:|" + text + ":TLS_error_end";
    }
}
