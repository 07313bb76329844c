package dev.starling.runtime.tls;

import dev.starling.config.tls.CertificateSource;
import dev.starling.config.tls.CommonTls;
import dev.starling.config.tls.DataSource;
import dev.starling.config.tls.Identity;
import dev.starling.config.tls.PeerValidation;
import dev.starling.config.tls.TicketKey;
import dev.starling.config.tls.TlsProblem;
import dev.starling.config.tls.TrustStore;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a context is made of, read at one moment from where it is kept. */
record TlsMaterial(
        List<Identity> identities,
        Optional<PeerValidation> rules,
        Optional<TrustStore> trust,
        List<TicketKey> ticketKeys) {

    /** @throws TlsProblem if something cannot be read, or does not belong together: perhaps in the middle of a change */
    static TlsMaterial read(CommonTls config, List<DataSource> ticketKeys) throws TlsProblem {
        List<Identity> identities = new ArrayList<>();
        for (CertificateSource source : config.certificates()) {
            identities.add(Identity.load(source));
        }
        Optional<PeerValidation.Trust> trusted = config.validation().flatMap(PeerValidation::trust);
        List<TicketKey> keys = new ArrayList<>();
        for (DataSource source : ticketKeys) {
            keys.add(TicketKey.load(source));
        }
        return new TlsMaterial(
                identities,
                config.validation(),
                trusted.isPresent() ? Optional.of(TrustStore.load(trusted.get())) : Optional.empty(),
                keys);
    }

    /** Sessions of contexts with equal digests may stand for each other: both would have let the same peers in. */
    byte[] digest(CommonTls config) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Identity identity : identities) {
                digest.update(identity.certificate().getEncoded());
            }
            if (trust.isPresent()) {
                for (X509Certificate authority : trust.get().authorities()) {
                    digest.update(authority.getEncoded());
                }
                for (X509CRL list : trust.get().revocations()) {
                    digest.update(list.getEncoded());
                }
            }
            rules.ifPresent(rule -> digest.update((rule.certificateHashes()
                            + " " + rule.publicKeyHashes() + " " + rule.subjectAltNames() + " "
                            + rule.allowExpired() + rule.acceptUntrusted())
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            digest.update(config.alpnProtocols().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return digest.digest();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
