package dev.starling.runtime.tls;

import dev.starling.config.tls.PeerValidation;
import dev.starling.config.tls.PeerValidation.SanMatcher;
import dev.starling.config.tls.PeerValidation.SanType;
import dev.starling.config.tls.TrustStore;
import dev.starling.runtime.tls.PeerRejected.Why;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Judges the certificates of peers by Envoy's rules ({@code DefaultCertValidator}), for every provider: first the chain,
 * then names, then pins. A chain may end at any certificate that is trusted, also one that another has issued.
 */
final class PeerVerifier extends X509ExtendedTrustManager {

    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USAGE = "2.5.29.37.0";

    private final Optional<PeerValidation> rules;
    private final Optional<TrustStore> trust;
    private final Set<TrustAnchor> anchors;
    private final boolean peerNameMustMatch;
    private final boolean enforceRsaKeyUsage;
    private final InstantSource clock;

    /** @param rules none: every certificate is good */
    PeerVerifier(
            Optional<PeerValidation> rules,
            Optional<TrustStore> trust,
            boolean peerNameMustMatch,
            boolean enforceRsaKeyUsage,
            InstantSource clock) {
        this.rules = rules;
        this.trust = trust;
        this.anchors = trust.stream()
                .flatMap(store -> store.authorities().stream())
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet());
        this.peerNameMustMatch = peerNameMustMatch;
        this.enforceRsaKeyUsage = enforceRsaKeyUsage;
        this.clock = clock;
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
        check(chain, CLIENT_AUTH, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (enforceRsaKeyUsage && !maySign(chain[0])) {
            throw new PeerRejected(Why.CHAIN, "KEY_USAGE_BIT_INCORRECT");
        }
        check(chain, SERVER_AUTH, peerNameMustMatch ? engine.getPeerHost() : null);
    }

    /** An RSA key that says what it is for must be for signatures: nothing else is asked of it. */
    private static boolean maySign(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return !certificate.getPublicKey().getAlgorithm().equals("RSA") || usage == null || usage[0];
    }

    private void check(X509Certificate[] chain, String purpose, @Nullable String peerName) throws PeerRejected {
        if (rules.isEmpty()) {
            return;
        }
        PeerValidation rule = rules.get();
        try {
            if (!anchors.isEmpty()) {
                checkChain(chain, purpose, rule);
            }
            checkNames(chain[0], rule, peerName);
            checkPins(chain[0], rule);
        } catch (PeerRejected rejected) {
            if (!rule.acceptUntrusted()) {
                throw rejected;
            }
        }
    }

    private void checkChain(X509Certificate[] chain, String purpose, PeerValidation rule) throws PeerRejected {
        PeerValidation.Trust settings = rule.trust().orElseThrow();
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(chain[0]);
        try {
            if (!isFor(chain[0], purpose)) {
                throw new PeerRejected(
                        Why.CHAIN,
                        "verify cert failed: X509_verify_cert: certificate verification error"
                                + " at depth 0: unsupported certificate purpose");
            }
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
            parameters.setMaxPathLength(settings.maxDepth());
            parameters.setDate(Date.from(rule.allowExpired() ? whenAllWereValid(chain) : clock.instant()));
            parameters.addCertStore(store(Arrays.asList(chain)));
            Collection<?> revocations = trust.orElseThrow().revocations();
            parameters.setRevocationEnabled(!revocations.isEmpty());
            CertPathBuilder builder = CertPathBuilder.getInstance("PKIX");
            if (!revocations.isEmpty()) {
                parameters.addCertStore(store(revocations));
                PKIXRevocationChecker checker = (PKIXRevocationChecker) builder.getRevocationChecker();
                Set<PKIXRevocationChecker.Option> options =
                        EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK);
                if (settings.onlyLeafCrl()) {
                    options.add(PKIXRevocationChecker.Option.ONLY_END_ENTITY);
                }
                checker.setOptions(options);
                parameters.addCertPathChecker(checker);
            }
            builder.build(parameters);
        } catch (GeneralSecurityException failure) {
            if (failure instanceof PeerRejected rejected) {
                throw rejected;
            }
            throw new PeerRejected(
                    Why.CHAIN,
                    "verify cert failed: X509_verify_cert: certificate verification error at depth 0: "
                            + reason(chain, failure),
                    failure);
        }
    }

    /** A certificate that does not say what it is for is for everything. */
    private static boolean isFor(X509Certificate certificate, String purpose) throws CertificateException {
        List<String> purposes = certificate.getExtendedKeyUsage();
        return purposes == null || purposes.contains(purpose) || purposes.contains(ANY_USAGE);
    }

    private static CertStore store(Collection<?> content) throws GeneralSecurityException {
        return CertStore.getInstance("Collection", new CollectionCertStoreParameters(content));
    }

    /** The chain is looked at as of the time when the last of its certificates began. */
    private static Instant whenAllWereValid(X509Certificate[] chain) {
        Instant latest = Instant.MIN;
        for (X509Certificate certificate : chain) {
            Instant begin = certificate.getNotBefore().toInstant();
            latest = begin.isAfter(latest) ? begin : latest;
        }
        return latest;
    }

    /** BoringSSL's words for what Java says. */
    private String reason(X509Certificate[] chain, Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof CertPathValidatorException invalid) {
                switch (invalid.getReason()) {
                    case CertPathValidatorException.BasicReason.EXPIRED -> {
                        return "certificate has expired";
                    }
                    case CertPathValidatorException.BasicReason.NOT_YET_VALID -> {
                        return "certificate is not yet valid";
                    }
                    case CertPathValidatorException.BasicReason.REVOKED -> {
                        return "certificate revoked";
                    }
                    case CertPathValidatorException.BasicReason.UNDETERMINED_REVOCATION_STATUS -> {
                        return "unable to get certificate CRL";
                    }
                    case CertPathValidatorException.BasicReason.INVALID_SIGNATURE -> {
                        return "certificate signature failure";
                    }
                    default -> {
                        // Something else below, perhaps.
                    }
                }
            }
        }
        if (failure instanceof CertPathBuilderException) {
            if (clock.instant().isAfter(chain[0].getNotAfter().toInstant())) {
                return "certificate has expired";
            }
            boolean isSelfSigned =
                    chain.length == 1 && chain[0].getSubjectX500Principal().equals(chain[0].getIssuerX500Principal());
            return isSelfSigned ? "self-signed certificate" : "unable to get local issuer certificate";
        }
        return "certificate rejected";
    }

    private static void checkNames(X509Certificate certificate, PeerValidation rule, @Nullable String peerName)
            throws PeerRejected {
        List<SanMatcher> matchers = peerName == null
                ? rule.subjectAltNames()
                : List.of(new SanMatcher(
                        SanType.DNS, new dev.starling.config.matcher.StringMatcher.Exact(peerName, false)));
        if (!matchers.isEmpty() && !SubjectNames.matchAny(certificate, matchers)) {
            throw new PeerRejected(Why.SAN, "verify cert failed: verify SAN list");
        }
    }

    private static void checkPins(X509Certificate certificate, PeerValidation rule) throws PeerRejected {
        if (!rule.pins()) {
            return;
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String hash = HexFormat.of().formatHex(digest.digest(certificate.getEncoded()));
            byte[] key = digest.digest(certificate.getPublicKey().getEncoded());
            if (rule.certificateHashes().contains(hash)
                    || rule.publicKeyHashes().contains(Base64.getEncoder().encodeToString(key))) {
                return;
            }
        } catch (GeneralSecurityException unreadable) {
            throw new PeerRejected(Why.CERTIFICATE_HASH, "verify cert failed: cert hash and spki", unreadable);
        }
        throw new PeerRejected(Why.CERTIFICATE_HASH, "verify cert failed: cert hash and spki");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, CLIENT_AUTH, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no engine, no name to check");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("only engines are served");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("only engines are served");
    }
}
