package dev.starling.runtime.tls;

import dev.starling.config.tls.PeerValidation;
import dev.starling.config.tls.TrustStore;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks for a way from a certificate to one that is trusted, and judges it as BoringSSL does and in its order: whether there
 * is one, what the certificate is for, revocations, validity. A way may end at any certificate that is trusted, also at one
 * that another has issued.
 */
final class ChainVerifier {

    private static final String ANY_USAGE = "2.5.29.37.0";

    private final TrustStore store;
    private final PeerValidation.Trust settings;
    private final boolean allowExpired;
    private final InstantSource clock;
    private final Set<TrustAnchor> anchors;

    ChainVerifier(TrustStore store, PeerValidation.Trust settings, boolean allowExpired, InstantSource clock) {
        this.store = store;
        this.settings = settings;
        this.allowExpired = allowExpired;
        this.clock = clock;
        this.anchors = store.authorities().stream()
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet());
    }

    /** @param purpose what the certificate must be for, if it says what it is for */
    void check(X509Certificate[] chain, String purpose) throws PeerRejected {
        Instant now = clock.instant();
        Optional<PKIXCertPathBuilderResult> valid = allowExpired ? Optional.empty() : find(chain, now);
        Optional<PKIXCertPathBuilderResult> found = valid.isPresent() ? valid : find(chain, whenAllWereValid(chain));
        if (found.isEmpty()) {
            throw unknownIssuer(chain);
        }
        checkPurpose(chain[0], purpose);
        checkRevocations(found.get(), now);
        if (valid.isEmpty() && !allowExpired) {
            throw invalid(chain, now);
        }
    }

    private Optional<PKIXCertPathBuilderResult> find(X509Certificate[] chain, Instant when) {
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(chain[0]);
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
            parameters.setMaxPathLength(settings.maxDepth());
            parameters.setDate(Date.from(when));
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(Arrays.asList(chain))));
            parameters.setRevocationEnabled(false); // we look ourselves: Java forgives lists that are out of date
            return Optional.of((PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters));
        } catch (GeneralSecurityException none) {
            return Optional.empty();
        }
    }

    /** When the last of the certificates began. */
    private static Instant whenAllWereValid(X509Certificate[] chain) {
        Instant latest = Instant.MIN;
        for (X509Certificate certificate : chain) {
            Instant begin = certificate.getNotBefore().toInstant();
            latest = begin.isAfter(latest) ? begin : latest;
        }
        return latest;
    }

    /** As far as the chain leads by itself. */
    private PeerRejected unknownIssuer(X509Certificate[] chain) {
        int depth = 0;
        while (depth + 1 < chain.length
                && depth <= settings.maxDepth()
                && chain[depth].getIssuerX500Principal().equals(chain[depth + 1].getSubjectX500Principal())) {
            depth++;
        }
        if (!isSelfIssued(chain[depth])) {
            return PeerRejected.chain(PeerRejected.UNKNOWN_ISSUER, depth, "unable to get local issuer certificate");
        }
        return depth == 0
                ? PeerRejected.chain(PeerRejected.SELF_SIGNED, depth, "self signed certificate")
                : PeerRejected.chain(
                        PeerRejected.SELF_SIGNED_IN_CHAIN, depth, "self signed certificate in certificate chain");
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private static void checkPurpose(X509Certificate certificate, String purpose) throws PeerRejected {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            if (purposes == null || purposes.contains(purpose) || purposes.contains(ANY_USAGE)) {
                return;
            }
        } catch (CertificateParsingException unreadable) {
            // then it is for nothing
        }
        throw PeerRejected.chain(PeerRejected.WRONG_PURPOSE, 0, "unsupported certificate purpose");
    }

    /** Every certificate of the way needs a list of its issuer's, the last one too, unless only the first one does. */
    private void checkRevocations(PKIXCertPathBuilderResult found, Instant now) throws PeerRejected {
        if (store.revocations().isEmpty()) {
            return;
        }
        List<X509Certificate> way = new ArrayList<>();
        found.getCertPath().getCertificates().forEach(each -> way.add((X509Certificate) each));
        way.add(found.getTrustAnchor().getTrustedCert());
        int last = settings.onlyLeafCrl() ? 0 : way.size() - 1;
        for (int depth = 0; depth <= last; depth++) {
            X509Certificate issuer = way.get(Math.min(depth + 1, way.size() - 1));
            checkRevocation(way.get(depth), issuer.getPublicKey(), depth, now);
        }
    }

    private void checkRevocation(X509Certificate certificate, PublicKey issuer, int depth, Instant now)
            throws PeerRejected {
        X509CRL list = store.revocations().stream()
                .filter(each -> each.getIssuerX500Principal().equals(certificate.getIssuerX500Principal()))
                .findFirst()
                .orElseThrow(() -> revocation(PeerRejected.NO_REVOCATIONS, depth, "unable to get certificate CRL"));
        if (list.getThisUpdate().toInstant().isAfter(now)) {
            throw revocation(PeerRejected.REVOCATIONS_TOO_NEW, depth, "CRL is not yet valid");
        }
        if (list.getNextUpdate() != null && list.getNextUpdate().toInstant().isBefore(now)) {
            throw revocation(PeerRejected.REVOCATIONS_TOO_OLD, depth, "CRL has expired");
        }
        try {
            list.verify(issuer);
        } catch (GeneralSecurityException forged) {
            throw revocation(PeerRejected.REVOCATIONS_FORGED, depth, "CRL signature failure");
        }
        if (list.hasUnsupportedCriticalExtension()) {
            throw revocation(PeerRejected.NO_REVOCATIONS, depth, "unhandled critical CRL extension");
        }
        if (list.isRevoked(certificate)) {
            throw revocation(PeerRejected.REVOKED, depth, "certificate revoked");
        }
    }

    private static PeerRejected revocation(int code, int depth, String reason) {
        return PeerRejected.chain(code, depth, "certificate revocation check against provided CRLs failed: " + reason);
    }

    private static PeerRejected invalid(X509Certificate[] chain, Instant now) {
        for (int depth = chain.length - 1; depth >= 0; depth--) {
            if (chain[depth].getNotBefore().toInstant().isAfter(now)) {
                return PeerRejected.chain(PeerRejected.NOT_YET_VALID, depth, "certificate is not yet valid");
            }
            if (chain[depth].getNotAfter().toInstant().isBefore(now)) {
                return PeerRejected.chain(PeerRejected.EXPIRED, depth, "certificate has expired");
            }
        }
        return PeerRejected.chain(PeerRejected.UNKNOWN_ISSUER, 0, "unable to get local issuer certificate");
    }
}
