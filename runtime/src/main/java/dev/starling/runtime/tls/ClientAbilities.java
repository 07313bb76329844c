package dev.starling.runtime.tls;

import dev.starling.config.tls.TlsParameters;
import dev.starling.config.tls.TlsVersion;
import dev.starling.runtime.tls.hello.ClientHello;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which kinds of certificates a client can take, by Envoy's reading of its ClientHello: a client that knows of TLS 1.3 by
 * its signature algorithms, an older one by its groups, if it offers a suite with ECDSA that we like.
 *
 * @param curveBits of the elliptic curves of certificates that it takes
 * @param ocsp whether it asks for an OCSP response
 */
record ClientAbilities(Set<Integer> curveBits, boolean ocsp) {

    private static final int STATUS_REQUEST = 5;
    private static final int TLS_1_2 = 0x0303;

    private static final Map<Integer, Integer> CURVES_OF_SIGNATURES = Map.of(0x0403, 256, 0x0503, 384, 0x0603, 521);
    private static final Map<Integer, Integer> CURVES_OF_GROUPS = Map.of(23, 256, 24, 384, 25, 521);

    private static final Map<Integer, String> ECDSA_SUITES = Map.of(
            0xc02b, "ECDHE-ECDSA-AES128-GCM-SHA256",
            0xc02c, "ECDHE-ECDSA-AES256-GCM-SHA384",
            0xcca9, "ECDHE-ECDSA-CHACHA20-POLY1305");
    private static final Map<Integer, String> OLD_ECDSA_SUITES = Map.of(
            0xc009, "ECDHE-ECDSA-AES128-SHA",
            0xc00a, "ECDHE-ECDSA-AES256-SHA");

    static ClientAbilities of(ClientHello hello, TlsParameters ours) {
        boolean knows13 = hello.version() == TLS_1_2
                && ours.maximum() == TlsVersion.TLS_1_3
                && !hello.supportedVersions().isEmpty();
        Set<Integer> curves = Set.of();
        if (knows13) {
            curves = known(hello.signatureAlgorithms(), CURVES_OF_SIGNATURES);
        } else if (offersEcdsa(hello, ours)) {
            curves = known(hello.groups(), CURVES_OF_GROUPS);
        }
        return new ClientAbilities(curves, hello.extensions().contains(STATUS_REQUEST));
    }

    private static Set<Integer> known(List<Integer> offered, Map<Integer, Integer> curves) {
        Set<Integer> found = new HashSet<>();
        for (Integer each : offered) {
            Integer bits = curves.get(each);
            if (bits != null) {
                found.add(bits);
            }
        }
        return found;
    }

    private static boolean offersEcdsa(ClientHello hello, TlsParameters ours) {
        List<String> liked = ours.flatCipherSuites();
        for (Integer suite : hello.cipherSuites()) {
            String name = OLD_ECDSA_SUITES.get(suite);
            if (name == null && hello.version() >= TLS_1_2) {
                name = ECDSA_SUITES.get(suite);
            }
            if (name != null && liked.contains(name)) {
                return true;
            }
        }
        return false;
    }
}
