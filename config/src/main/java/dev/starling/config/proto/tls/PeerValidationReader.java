package dev.starling.config.proto.tls;

import dev.starling.config.matcher.StringMatcher;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.matcher.StringMatcherReader;
import dev.starling.config.tls.PartialValidation;
import dev.starling.config.tls.PeerValidation;
import dev.starling.config.tls.PeerValidation.SanMatcher;
import dev.starling.config.tls.PeerValidation.SanType;
import dev.starling.config.tls.PeerValidation.Trust;
import dev.starling.config.tls.TlsProblem;
import dev.starling.config.tls.TrustStore;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext.TrustChainVerification;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code CertificateValidationContext}. */
@SuppressWarnings("deprecation") // Envoy still reads its deprecated fields, and so do we
final class PeerValidationReader {

    private static final int SHA_256_BYTES = 32;
    private static final int DEFAULT_MAX_DEPTH = 100;

    private PeerValidationReader() {}

    /** Null after a problem. */
    static @Nullable PeerValidation read(CertificateValidationContext message, ValidationContext context) {
        if (!message.hasTrustedCa() && !message.hasSystemRootCerts()) {
            checkWithoutTrust(message, context);
        }
        return readAlone(message, context);
    }

    /** What makes no sense without another part is let pass. Null after a problem. */
    static @Nullable PartialValidation readPart(CertificateValidationContext message, ValidationContext context) {
        return readAlone(message, context) == null ? null : new ValidationPart(message);
    }

    private static @Nullable PeerValidation readAlone(CertificateValidationContext message, ValidationContext context) {
        var trust = trust(message, context);
        var names = names(message, context);
        if (message.hasTrustedCa() && message.hasSystemRootCerts()) {
            context.field("system_root_certs").problem("cannot be used together with trusted_ca");
        }
        var hashes = Elements.read(
                message.getVerifyCertificateHashList(),
                context,
                "verify_certificate_hash",
                PeerValidationReader::certificateHash);
        var keys = Elements.read(
                message.getVerifyCertificateSpkiList(),
                context,
                "verify_certificate_spki",
                PeerValidationReader::publicKeyHash);
        if (context.failed()) {
            return null;
        }
        return new PeerValidation(
                trust,
                hashes,
                keys,
                names,
                message.getAllowExpiredCertificate(),
                message.getTrustChainVerification() == TrustChainVerification.ACCEPT_UNTRUSTED);
    }

    private static Optional<Trust> trust(CertificateValidationContext message, ValidationContext context) {
        if (!message.hasTrustedCa() && !message.hasSystemRootCerts()) {
            return Optional.empty();
        }
        var trust = new Trust(
                DataSources.read(message.hasTrustedCa(), message.getTrustedCa()),
                DataSources.read(message.hasCrl(), message.getCrl()),
                message.getOnlyVerifyLeafCertCrl(),
                message.hasMaxVerifyDepth() ? message.getMaxVerifyDepth().getValue() : DEFAULT_MAX_DEPTH,
                DataSources.watched(message.hasWatchedDirectory(), message.getWatchedDirectory()));
        try {
            warnOfExpired(TrustStore.load(trust), context.field("trusted_ca"));
        } catch (TlsProblem problem) {
            context.field(problem.field()).problem(String.valueOf(problem.getMessage()));
        }
        return Optional.of(trust);
    }

    private static void warnOfExpired(TrustStore store, ValidationContext context) {
        for (var authority : store.authorities()) {
            try {
                authority.checkValidity();
            } catch (CertificateExpiredException | CertificateNotYetValidException e) {
                context.warning("the certificate of " + authority.getSubjectX500Principal() + " is valid from "
                        + authority.getNotBefore().toInstant() + " to "
                        + authority.getNotAfter().toInstant() + ", not now");
                return;
            }
        }
    }

    private static void checkWithoutTrust(CertificateValidationContext message, ValidationContext context) {
        if (message.hasCrl()) {
            var source = DataSources.read(true, message.getCrl());
            context.field("crl")
                    .problem("Failed to load CRL from "
                            + source.map(dev.starling.config.tls.DataSource::display)
                                    .orElse("")
                            + " without trusted CA");
        }
        if (message.getMatchTypedSubjectAltNamesCount() > 0 || message.getMatchSubjectAltNamesCount() > 0) {
            context.field(
                            message.getMatchTypedSubjectAltNamesCount() > 0
                                    ? "match_typed_subject_alt_names"
                                    : "match_subject_alt_names")
                    .problem("SAN-based verification of peer certificates without trusted CA is insecure and not"
                            + " allowed");
        }
        if (message.getAllowExpiredCertificate()) {
            context.field("allow_expired_certificate")
                    .problem("Certificate validity period is always ignored without trusted CA");
        }
    }

    /** The older list asks for a name of any kind. */
    private static List<SanMatcher> names(CertificateValidationContext message, ValidationContext context) {
        if (message.getMatchTypedSubjectAltNamesCount() > 0) {
            return Elements.read(
                    message.getMatchTypedSubjectAltNamesList(),
                    context,
                    "match_typed_subject_alt_names",
                    PeerValidationReader::name);
        }
        var names = new ArrayList<SanMatcher>();
        var matchers = Elements.read(
                message.getMatchSubjectAltNamesList(), context, "match_subject_alt_names", StringMatcherReader::read);
        for (StringMatcher matcher : matchers) {
            for (var type : SanType.values()) {
                names.add(new SanMatcher(type, matcher));
            }
        }
        return names;
    }

    private static @Nullable SanMatcher name(SubjectAltNameMatcher message, ValidationContext context) {
        var matcher = StringMatcherReader.read(message.getMatcher(), context.field("matcher"));
        var type = switch (message.getSanType()) {
            case EMAIL -> SanType.EMAIL;
            case DNS -> SanType.DNS;
            case URI -> SanType.URI;
            case IP_ADDRESS -> SanType.IP_ADDRESS;
            case OTHER_NAME, SAN_TYPE_UNSPECIFIED, UNRECOGNIZED -> null;
        };
        if (type == null) {
            context.field("san_type").problem("not supported yet: " + message.getSanType() + " as `san_type`");
        }
        return matcher == null || type == null ? null : new SanMatcher(type, matcher);
    }

    /** Colons between the bytes are as good as none. */
    private static @Nullable String certificateHash(String written, ValidationContext context) {
        String digits = (written.length() == SHA_256_BYTES * 3 - 1 ? written.replace(":", "") : written)
                .toLowerCase(Locale.ROOT);
        if (digits.length() != SHA_256_BYTES * 2 || !digits.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            context.problem("Invalid hex-encoded SHA-256 " + written);
            return null;
        }
        return digits;
    }

    private static @Nullable String publicKeyHash(String written, ValidationContext context) {
        try {
            byte[] bytes = Base64.getDecoder().decode(written);
            // Java forgives bits behind the last byte, BoringSSL does not.
            if (bytes.length == SHA_256_BYTES
                    && Base64.getEncoder().encodeToString(bytes).equals(written)) {
                return written;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        context.problem("Invalid base64-encoded SHA-256 " + written);
        return null;
    }
}
