package dev.starling.runtime.tls;

import java.util.List;

/** Curves under the names that Java has for them; it leaves out by itself what it does not know. */
final class JdkGroups {

    private JdkGroups() {}

    static String[] of(List<String> curves) {
        return curves.stream()
                .map(curve -> switch (curve) {
                    case "X25519" -> "x25519";
                    case "P-256" -> "secp256r1";
                    case "P-384" -> "secp384r1";
                    case "P-521" -> "secp521r1";
                    default -> curve;
                })
                .toArray(String[]::new);
    }
}
