package dev.starling.runtime.tls;

import dev.starling.config.matcher.StringMatcher;
import dev.starling.config.tls.PeerValidation;
import dev.starling.config.tls.PeerValidation.SanMatcher;
import dev.starling.config.tls.PeerValidation.SanType;
import dev.starling.config.tls.TrustStore;
import dev.starling.runtime.tls.PeerRejected.Why;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Judges the certificates of peers by Envoy's rules ({@code DefaultCertValidator}), for every provider: first the chain,
 * then names, then pins.
 */
final class PeerVerifier extends X509ExtendedTrustManager {

    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    private final Optional<PeerValidation> rules;
    private final Optional<TrustStore> trust;
    private final Optional<ChainVerifier> chains;
    private final boolean serverNameMustMatch;
    private final boolean enforceRsaKeyUsage;
    private final HandshakeNotes notes;

    /**
     * @param rules none: every certificate is good
     * @param serverNameMustMatch the name that was asked for is the one that must match, instead of those configured
     */
    PeerVerifier(
            Optional<PeerValidation> rules,
            Optional<TrustStore> trust,
            boolean serverNameMustMatch,
            boolean enforceRsaKeyUsage,
            HandshakeNotes notes,
            InstantSource clock) {
        this.rules = rules;
        this.trust = trust;
        this.chains = trust.filter(store -> !store.authorities().isEmpty())
                .flatMap(store -> rules.flatMap(rule ->
                        rule.trust().map(settings -> new ChainVerifier(store, settings, rule.allowExpired(), clock))));
        this.serverNameMustMatch = serverNameMustMatch;
        this.enforceRsaKeyUsage = enforceRsaKeyUsage;
        this.notes = notes;
    }

    /** Told to clients that are asked for a certificate. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.map(store -> store.authorities().toArray(X509Certificate[]::new))
                .orElseGet(() -> new X509Certificate[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, CLIENT_AUTH, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, SERVER_AUTH, engine);
    }

    /** An RSA key that says what it is for must be for signatures: nothing else is asked of it. */
    private static boolean maySign(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return !certificate.getPublicKey().getAlgorithm().equals("RSA") || usage == null || usage[0];
    }

    private void check(X509Certificate[] chain, String purpose, SSLEngine engine) throws CertificateException {
        HandshakeNotes.Note note = notes.of(engine);
        try {
            judge(chain, purpose, PeerNames.of(engine));
        } catch (PeerRejected rejected) {
            boolean tolerated = rules.isPresent() && rules.get().acceptUntrusted();
            if (note != null) {
                note.rejected = rejected;
                note.unfinished =
                        tolerated || engine instanceof QuicSslEngine ? null : TlsSession.unfinished(engine, chain);
            }
            if (!tolerated) {
                throw told(rejected, engine);
            }
        }
    }

    /** BoringSSL makes an alert of the code, Java's provider of the kind of exception. */
    private static CertificateException told(PeerRejected rejected, SSLEngine engine) {
        return engine instanceof ReferenceCountedOpenSslEngine || engine instanceof QuicSslEngine
                ? new OpenSslCertificateException(rejected.getMessage(), rejected, rejected.code())
                : rejected;
    }

    private void judge(X509Certificate[] chain, String purpose, PeerNames names) throws PeerRejected {
        if (purpose.equals(SERVER_AUTH) && enforceRsaKeyUsage && !maySign(chain[0])) {
            throw new PeerRejected(Why.CHAIN, PeerRejected.CERTIFICATE_REJECTED, "KEY_USAGE_BIT_INCORRECT");
        }
        if (rules.isEmpty()) {
            if (!names.expected().isEmpty()) { // a name proves nothing where nobody vouches for it
                throw new PeerRejected(Why.UNCHECKED, PeerRejected.CERTIFICATE_REJECTED, "");
            }
            return;
        }
        if (chains.isPresent()) {
            chains.get().check(chain, purpose);
        }
        PeerValidation rule = rules.get();
        if (!names.expected().isEmpty() && !SubjectNames.isFor(chain[0], names.expected())) {
            throw new PeerRejected(
                    Why.SAN,
                    PeerRejected.WRONG_NAME,
                    "verify cert failed: verify SAN list, expected SANs: [" + names.expected() + "], certificate SANs: "
                            + SubjectNames.all(chain[0]));
        }
        checkNames(chain[0], serverNameMustMatch ? List.of(exactly(names.server())) : rule.subjectAltNames());
        checkPins(chain[0], rule);
    }

    private static SanMatcher exactly(String name) {
        return new SanMatcher(SanType.DNS, new StringMatcher.Exact(name, false));
    }

    private static void checkNames(X509Certificate certificate, List<SanMatcher> matchers) throws PeerRejected {
        if (!matchers.isEmpty() && !SubjectNames.matchAny(certificate, matchers)) {
            throw new PeerRejected(
                    Why.SAN,
                    PeerRejected.WRONG_NAME,
                    "verify cert failed: SAN matcher, certificate SANs are " + SubjectNames.all(certificate));
        }
    }

    private static void checkPins(X509Certificate certificate, PeerValidation rule) throws PeerRejected {
        if (!rule.pins() || isPinned(certificate, rule)) {
            return;
        }
        throw new PeerRejected(
                Why.CERTIFICATE_HASH, PeerRejected.CERTIFICATE_REJECTED, "verify cert failed: cert hash and spki");
    }

    private static boolean isPinned(X509Certificate certificate, PeerValidation rule) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String hash = HexFormat.of().formatHex(digest.digest(certificate.getEncoded()));
            byte[] key = digest.digest(certificate.getPublicKey().getEncoded());
            return rule.certificateHashes().contains(hash)
                    || rule.publicKeyHashes().contains(Base64.getEncoder().encodeToString(key));
        } catch (GeneralSecurityException unreadable) {
            return false;
        }
    }

    private static CertificateException onlyEngines() {
        return new CertificateException("only engines are served");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        try {
            judge(chain, CLIENT_AUTH, PeerNames.NONE);
        } catch (PeerRejected rejected) {
            if (!(rules.isPresent() && rules.get().acceptUntrusted())) {
                throw rejected;
            }
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw onlyEngines();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        throw onlyEngines();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        throw onlyEngines();
    }
}
