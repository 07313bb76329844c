package dev.starling.runtime.tls;

import io.netty.channel.Channel;
import io.netty.handler.ssl.OpenSslSession;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.util.AttributeKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection's TLS once its handshake is over. Read from the engine when somebody asks,
 * as most connections are never asked. Confined to the connection's loop.
 */
public final class TlsSession {

    static final AttributeKey<TlsSession> OF_CHANNEL = AttributeKey.valueOf(TlsSession.class, "SESSION");

    private static final Certificate[] NONE = {};

    private final SSLEngine engine;
    private final @Nullable Unfinished unfinished;
    private @Nullable String serverName;
    private @Nullable List<X509Certificate> peerChain;
    private @Nullable String forwarded;

    /** What was agreed on before the peer was rejected: engines forget it. */
    private record Unfinished(String version, String cipher) {}

    TlsSession(SslHandler handler) {
        this(handler.engine(), null);
    }

    private TlsSession(SSLEngine engine, @Nullable Unfinished unfinished) {
        this.engine = engine;
        this.unfinished = unfinished;
    }

    /** Of a handshake that comes to nothing, as far as it got. */
    static TlsSession unfinished(SSLEngine engine, X509Certificate[] peer) {
        SSLSession session = engine.getHandshakeSession();
        String cipher = engine instanceof ReferenceCountedOpenSslEngine openSsl
                ? String.valueOf(SSL.getCipherForSSL(openSsl.sslPointer()))
                : session.getCipherSuite();
        TlsSession failed = new TlsSession(engine, new Unfinished(session.getProtocol(), CipherNames.openSsl(cipher)));
        failed.serverName = ""; // what the handshake says of it is told elsewhere
        failed.peerChain = List.of(peer);
        return failed;
    }

    /** Of a connection of QUIC, whose handshake need not be over. */
    static TlsSession ofQuic(SSLEngine engine) {
        return new TlsSession(engine, null);
    }

    /** Null of a channel that is not secured. */
    public static @Nullable TlsSession of(Channel channel) {
        return channel.hasAttr(OF_CHANNEL) ? channel.attr(OF_CHANNEL).get() : null;
    }

    private SSLSession session() {
        return engine.getSession();
    }

    /** The name the client asked for; empty if none. */
    public String serverName() {
        String known = serverName;
        if (known == null) {
            known = readServerName();
            serverName = known;
        }
        return known;
    }

    private String readServerName() {
        if (session() instanceof ExtendedSSLSession extended) {
            for (var name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return "";
    }

    /** The protocol that was agreed on; empty if none was. */
    public String alpn() {
        String protocol = engine.getApplicationProtocol();
        return protocol == null ? "" : protocol;
    }

    /** {@code TLSv1.3}. */
    public String version() {
        return unfinished != null ? unfinished.version() : session().getProtocol();
    }

    /** As BoringSSL calls it. */
    public String cipher() {
        return unfinished != null
                ? unfinished.cipher()
                : CipherNames.openSsl(session().getCipherSuite());
    }

    /** IANA's number of the cipher suite; 0xffff if it is not known. */
    public int cipherNumber() {
        return CipherNames.number(cipher());
    }

    /** In lower-case hexadecimal digits; empty where there is none: TLS 1.3 has tickets. */
    public String sessionId() {
        return unfinished != null || version().equals("TLSv1.3")
                ? ""
                : HexFormat.of().formatHex(session().getId());
    }

    /** The certificate that we have shown, if any. */
    public Optional<CertificateFacts> local() {
        if (unfinished != null) {
            return Optional.empty();
        }
        Certificate[] chain = session().getLocalCertificates();
        return chain != null && chain.length > 0 && chain[0] instanceof X509Certificate certificate
                ? Optional.of(new CertificateFacts(certificate))
                : Optional.empty();
    }

    /** The certificate that the peer has shown, if any. */
    public Optional<CertificateFacts> peer() {
        return peerChain().stream().findFirst().map(CertificateFacts::new);
    }

    /** The peer's own certificate first. */
    public List<X509Certificate> peerChain() {
        List<X509Certificate> known = peerChain;
        if (known == null) {
            known = readPeerChain();
            peerChain = known;
        }
        return known;
    }

    private List<X509Certificate> readPeerChain() {
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : shownByPeer()) {
            if (certificate instanceof X509Certificate x509) {
                chain.add(x509);
            }
        }
        return chain;
    }

    /** What upstreams are told of the session, made once; all of a connection's requests tell the same. */
    public String forwarded(Function<TlsSession, String> making) {
        String known = forwarded;
        if (known == null) {
            known = making.apply(this);
            forwarded = known;
        }
        return known;
    }

    /** The key exchange, as BoringSSL calls it; empty where the provider does not tell. */
    String curve() {
        try {
            return engine instanceof ReferenceCountedOpenSslEngine openSsl && openSsl.refCnt() > 0
                    ? String.valueOf(SSL.getGroupName(openSsl.sslPointer()))
                    : "";
        } catch (Exception unknown) { // what tcnative declares
            return "";
        }
    }

    boolean reused() {
        return engine instanceof ReferenceCountedOpenSslEngine openSsl
                && openSsl.refCnt() > 0
                && SSL.isSessionReused(openSsl.sslPointer());
    }

    /** Whether the peer has shown no certificate. */
    boolean hasNoPeer() {
        return shownByPeer().length == 0;
    }

    private Certificate[] shownByPeer() {
        if (session() instanceof OpenSslSession openSsl && !openSsl.hasPeerCertificates()) {
            return NONE; // an exception for each connection costs 3 % of a handshake
        }
        try {
            return session().getPeerCertificates();
        } catch (SSLPeerUnverifiedException showedNone) {
            return NONE;
        }
    }
}
