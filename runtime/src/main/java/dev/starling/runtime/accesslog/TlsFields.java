package dev.starling.runtime.accesslog;

import dev.starling.runtime.tls.CertificateFacts;
import dev.starling.runtime.tls.TlsSession;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is told of TLS; nothing of connections in clear. */
final class TlsFields {

    private static final long NANOS_A_SECOND = 1_000_000_000;

    /** Whose certificate is meant. */
    interface Side {
        @Nullable
        TlsSession of(StreamInfo info);
    }

    static final Side DOWNSTREAM = info -> info.downstream.tls();
    static final Side UPSTREAM = info -> info.upstreamTls;

    private TlsFields() {}

    static Field ofSession(Side side, Function<TlsSession, String> value) {
        return text(info -> {
            TlsSession session = side.of(info);
            return session == null ? "" : value.apply(session);
        });
    }

    static Field ofPeer(Side side, Function<CertificateFacts, String> value) {
        return ofSession(side, session -> of(session.peer(), value));
    }

    static Field ofLocal(Function<CertificateFacts, String> value) {
        return ofSession(DOWNSTREAM, session -> of(session.local(), value));
    }

    private static String of(Optional<CertificateFacts> certificate, Function<CertificateFacts, String> value) {
        return certificate.map(value).orElse("");
    }

    static String list(List<String> names) {
        return String.join(",", names);
    }

    /** A time of the client's certificate. */
    static Field time(String pattern, Function<CertificateFacts, Instant> value) {
        TimeFormat format = new TimeFormat(pattern.isEmpty() ? TimeFormat.ISO : pattern);
        return (info, request, response, out) -> {
            TlsSession session = info.downstream.tls();
            Optional<CertificateFacts> certificate = session == null ? Optional.empty() : session.peer();
            certificate.map(value).ifPresent(time -> format.append(time.getEpochSecond() * NANOS_A_SECOND, out));
            return certificate.isPresent();
        };
    }

    private static Field text(Function<StreamInfo, String> source) {
        return (info, request, response, out) -> {
            String text = source.apply(info);
            out.append(Utf8Chars.of(text));
            return !text.isEmpty();
        };
    }
}
