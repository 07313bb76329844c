package dev.starling.config.proto.tls;

import dev.starling.config.proto.ValidationContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code signature_algorithms}: those of BoringSSL's names ({@code SSL_CTX_set1_sigalgs_list}) that Java's TLS has too. */
final class SignatureAlgorithms {

    /** By the names of TLS 1.3, which both have. */
    private static final Set<String> KNOWN = Set.of(
            "rsa_pkcs1_sha256",
            "rsa_pkcs1_sha384",
            "rsa_pkcs1_sha512",
            "rsa_pss_rsae_sha256",
            "rsa_pss_rsae_sha384",
            "rsa_pss_rsae_sha512",
            "ecdsa_secp256r1_sha256",
            "ecdsa_secp384r1_sha384",
            "ecdsa_secp521r1_sha512",
            "ed25519");

    private static final Map<String, String> HASHES = Map.of("SHA256", "256", "SHA384", "384", "SHA512", "512");
    private static final Map<String, String> CURVES =
            Map.of("256", "secp256r1", "384", "secp384r1", "512", "secp521r1");

    /** Of BoringSSL alone: Java has them disabled, or does not know them. */
    private static final Set<String> WEAK =
            Set.of("rsa_pkcs1_sha1", "ecdsa_sha1", "rsa_pkcs1_sha256_legacy", "RSA+SHA1", "ECDSA+SHA1");

    private SignatureAlgorithms() {}

    /** @param parent of the field */
    static List<String> read(List<String> names, ValidationContext parent) {
        ValidationContext context = parent.field("signature_algorithms");
        List<String> read = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = known(names.get(i));
            if (name != null) {
                read.add(name);
            } else if (WEAK.contains(names.get(i))) {
                parent.field("signature_algorithms", i)
                        .problem("not supported: Java's TLS does not sign with " + names.get(i));
            }
        }
        boolean refused = read.size() < names.size() && !context.failed();
        if (refused || new HashSet<>(read).size() < read.size()) {
            context.problem("Failed to initialize TLS signature algorithms " + String.join(":", names));
        }
        return read;
    }

    /** Null if there is none of that name. */
    private static @Nullable String known(String name) {
        String[] words = name.split("\\+", -1);
        String bits = words.length == 2 ? HASHES.get(words[1]) : null;
        if (bits == null) {
            return KNOWN.contains(name) ? name : null;
        }
        return switch (words[0]) {
            case "RSA" -> "rsa_pkcs1_sha" + bits;
            case "RSA-PSS", "PSS" -> "rsa_pss_rsae_sha" + bits;
            case "ECDSA" -> "ecdsa_" + CURVES.get(bits) + "_sha" + bits;
            default -> null;
        };
    }
}
