package dev.starling.runtime.tls;

import dev.starling.config.tls.TlsParameters;
import java.util.List;
import javax.net.ssl.SSLParameters;

/** Curves and signature algorithms under the names that Java has for them; of curves it leaves out what it does not know. */
final class JdkGroups {

    private JdkGroups() {}

    static void set(SSLParameters settings, TlsParameters parameters) {
        settings.setNamedGroups(of(parameters.ecdhCurves()));
        if (!parameters.signatureAlgorithms().isEmpty()) {
            settings.setSignatureSchemes(parameters.signatureAlgorithms().toArray(String[]::new));
        }
    }

    private static String[] of(List<String> curves) {
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
