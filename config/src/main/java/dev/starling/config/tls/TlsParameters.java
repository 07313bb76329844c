package dev.starling.config.tls;

import java.util.List;
import java.util.stream.Stream;

/**
 * {@code envoy.extensions.transport_sockets.tls.v3.TlsParameters}.
 *
 * @param cipherSuites of TLS 1.2 and older, in BoringSSL's words; those of TLS 1.3 are fixed
 * @param ecdhCurves in the order of preference
 * @param signatureAlgorithms that we sign with and take from peers, by the names of TLS 1.3, in the order of preference; empty:
 *     the provider's
 */
public record TlsParameters(
        TlsVersion minimum,
        TlsVersion maximum,
        List<String> cipherSuites,
        List<String> ecdhCurves,
        List<String> signatureAlgorithms) {

    /** Envoy's: in one group of equal preference those that are fast with and without AES in hardware. */
    public static final List<String> DEFAULT_CIPHER_SUITES = List.of(
            "[ECDHE-ECDSA-AES128-GCM-SHA256|ECDHE-ECDSA-CHACHA20-POLY1305]",
            "[ECDHE-RSA-AES128-GCM-SHA256|ECDHE-RSA-CHACHA20-POLY1305]",
            "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-RSA-AES256-GCM-SHA384");

    public static final List<String> DEFAULT_ECDH_CURVES = List.of("X25519", "P-256");

    public TlsParameters {
        cipherSuites = List.copyOf(cipherSuites);
        ecdhCurves = List.copyOf(ecdhCurves);
        signatureAlgorithms = List.copyOf(signatureAlgorithms);
    }

    /** Without the groups of equal preference. */
    public List<String> flatCipherSuites() {
        return cipherSuites.stream()
                .flatMap(suite ->
                        Stream.of(suite.replace("[", "").replace("]", "").split("\\|", -1)))
                .toList();
    }

    /** Every version from the minimum to the maximum; none if they are the wrong way round. */
    public List<TlsVersion> versions() {
        return List.of(TlsVersion.values()).stream()
                .filter(version -> version.compareTo(minimum) >= 0 && version.compareTo(maximum) <= 0)
                .toList();
    }
}
