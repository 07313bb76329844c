package dev.starling.config.tls;

import dev.starling.config.matcher.StringMatcher;
import java.util.List;
import java.util.Optional;

/**
 * {@code envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext}: what a peer's certificate is held to.
 *
 * @param trust absent: no chain is checked
 * @param certificateHashes SHA-256 of certificates in lower-case hexadecimal digits; one of these or of the next must match
 * @param publicKeyHashes SHA-256 of public keys in Base64
 * @param subjectAltNames one must match; empty: any name is good
 * @param acceptUntrusted what fails the checks is let in all the same, and is told not to be validated
 */
public record PeerValidation(
        Optional<Trust> trust,
        List<String> certificateHashes,
        List<String> publicKeyHashes,
        List<SanMatcher> subjectAltNames,
        boolean allowExpired,
        boolean acceptUntrusted) {

    public PeerValidation {
        certificateHashes = List.copyOf(certificateHashes);
        publicKeyHashes = List.copyOf(publicKeyHashes);
        subjectAltNames = List.copyOf(subjectAltNames);
    }

    public boolean pins() {
        return !certificateHashes.isEmpty() || !publicKeyHashes.isEmpty();
    }

    /**
     * @param authorities absent: those of the system
     * @param crl revocations, one list for each authority of a chain
     * @param onlyLeafCrl lists of the authorities above the issuer are not asked for
     * @param maxDepth certificates between the peer's own and the trusted one
     * @param watchedDirectory where a move tells that the files were replaced
     */
    public record Trust(
            Optional<DataSource> authorities,
            Optional<DataSource> crl,
            boolean onlyLeafCrl,
            int maxDepth,
            Optional<String> watchedDirectory) {}

    /** A matcher of alternative names of one kind. */
    public record SanMatcher(SanType type, StringMatcher matcher) {}

    /** The kinds of names in certificates. */
    public enum SanType {
        EMAIL,
        DNS,
        URI,
        IP_ADDRESS
    }
}
