package dev.starling.config.proto.tls;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.tls.TlsParameters;
import dev.starling.config.tls.TlsVersion;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads {@code TlsParameters}; knows the names that BoringSSL knows. */
final class TlsParametersReader {

    private static final Set<String> CIPHER_SUITES = Set.of(
            "ECDHE-ECDSA-AES128-GCM-SHA256",
            "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-ECDSA-CHACHA20-POLY1305",
            "ECDHE-ECDSA-AES128-SHA",
            "ECDHE-ECDSA-AES256-SHA",
            "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-RSA-AES256-GCM-SHA384",
            "ECDHE-RSA-CHACHA20-POLY1305",
            "ECDHE-RSA-AES128-SHA",
            "ECDHE-RSA-AES256-SHA",
            "AES128-GCM-SHA256",
            "AES256-GCM-SHA384",
            "AES128-SHA",
            "AES256-SHA");

    private static final Set<String> CURVES = Set.of("X25519", "P-256", "P-384", "P-521", "X25519MLKEM768");

    private TlsParametersReader() {}

    static TlsParameters read(
            io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters message,
            TlsVersion maximum,
            ValidationContext context) {
        checkCipherSuites(message.getCipherSuitesList(), context.field("cipher_suites"));
        if (!CURVES.containsAll(message.getEcdhCurvesList())) {
            context.field("ecdh_curves")
                    .problem("Failed to initialize ECDH curves " + String.join(":", message.getEcdhCurvesList()));
        }
        return new TlsParameters(
                version(message.getTlsMinimumProtocolVersion(), TlsVersion.TLS_1_2),
                version(message.getTlsMaximumProtocolVersion(), maximum),
                message.getCipherSuitesCount() == 0
                        ? TlsParameters.DEFAULT_CIPHER_SUITES
                        : message.getCipherSuitesList(),
                message.getEcdhCurvesCount() == 0 ? TlsParameters.DEFAULT_ECDH_CURVES : message.getEcdhCurvesList(),
                SignatureAlgorithms.read(message.getSignatureAlgorithmsList(), context));
    }

    private static TlsVersion version(TlsProtocol protocol, TlsVersion otherwise) {
        return switch (protocol) {
            case TLS_AUTO, UNRECOGNIZED -> otherwise;
            case TLSv1_0 -> TlsVersion.TLS_1_0;
            case TLSv1_1 -> TlsVersion.TLS_1_1;
            case TLSv1_2 -> TlsVersion.TLS_1_2;
            case TLSv1_3 -> TlsVersion.TLS_1_3;
        };
    }

    /** Suites, and groups of them in brackets; lists that add and take away by kinds of suites are not understood. */
    private static void checkCipherSuites(List<String> suites, ValidationContext context) {
        var rejected = new ArrayList<String>();
        for (String suite : suites) {
            boolean isGroup = suite.startsWith("[") && suite.endsWith("]");
            for (String one : (isGroup ? suite.substring(1, suite.length() - 1) : suite).split("\\|", -1)) {
                if (!CIPHER_SUITES.contains(one)) {
                    rejected.add(one);
                }
            }
        }
        if (!rejected.isEmpty()) {
            context.problem("Failed to initialize cipher suites " + String.join(":", suites)
                    + ". The following ciphers were rejected when tried individually: "
                    + String.join(", ", rejected));
        }
    }
}
