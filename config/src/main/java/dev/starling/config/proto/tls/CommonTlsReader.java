package dev.starling.config.proto.tls;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.tls.CertificateSource;
import dev.starling.config.tls.CommonTls;
import dev.starling.config.tls.Identity;
import dev.starling.config.tls.SdsSecret;
import dev.starling.config.tls.Secret;
import dev.starling.config.tls.TlsProblem;
import dev.starling.config.tls.TlsSecrets;
import dev.starling.config.tls.TlsVersion;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code CommonTlsContext}. Certificates and keys are loaded once to see that they can be, and again whenever a
 * context is made of them.
 */
final class CommonTlsReader {

    private static final int MAX_ALPN_BYTES = 255;
    /** Of all names and their lengths together; what the extension of the handshake has room for. */
    private static final int MAX_ALPN_LIST_BYTES = 65535;

    private CommonTlsReader() {}

    static CommonTls read(CommonTlsContext message, TlsVersion maximum, ValidationContext context) {
        var certificates = new ArrayList<>(Elements.read(
                message.getTlsCertificatesList(), context, "tls_certificates", CommonTlsReader::certificate));
        var toCome = new ArrayList<SdsSecret>();
        for (int i = 0; i < message.getTlsCertificateSdsSecretConfigsCount(); i++) {
            SdsSecretReader.read(
                            message.getTlsCertificateSdsSecretConfigs(i),
                            Secret.Certificate.class,
                            "static secret",
                            secret -> certificates.add(secret.source()),
                            context.field("tls_certificate_sds_secret_configs", i))
                    .ifPresent(toCome::add);
        }
        var validation = ValidationContextReader.read(message, context);
        checkAlpn(message, context);
        return new CommonTls(
                TlsParametersReader.read(message.getTlsParams(), maximum, context.field("tls_params")),
                certificates,
                validation.rules(),
                message.getAlpnProtocolsList(),
                new TlsSecrets(toCome, validation.secret(), validation.defaults()));
    }

    /** Of both kinds; unlike in what was read, those with problems are among them. */
    static int certificates(CommonTlsContext message) {
        return message.getTlsCertificatesCount() + message.getTlsCertificateSdsSecretConfigsCount();
    }

    /** Null after a problem. */
    static @Nullable CertificateSource certificate(TlsCertificate message, ValidationContext context) {
        if (!message.hasCertificateChain() && !message.hasPrivateKey() && !message.hasPkcs12()) {
            context.problem("Server TlsCertificates must have a certificate specified");
            return null;
        }
        if (message.hasPkcs12() && (message.hasCertificateChain() || message.hasPrivateKey())) {
            context.problem("Certificate configuration can't have both pkcs12 and "
                    + (message.hasCertificateChain() ? "certificate_chain" : "private_key"));
            return null;
        }
        if (message.hasOcspStaple() && message.getOcspStaple().hasInlineString()) {
            context.field("ocsp_staple").problem("OCSP staple cannot be provided via inline_string");
            return null;
        }
        var source = new CertificateSource(
                DataSources.read(message.hasCertificateChain(), message.getCertificateChain()),
                DataSources.read(message.hasPrivateKey(), message.getPrivateKey()),
                DataSources.read(message.hasPkcs12(), message.getPkcs12()),
                DataSources.read(message.hasPassword(), message.getPassword()),
                DataSources.read(message.hasOcspStaple(), message.getOcspStaple()),
                DataSources.watched(message.hasWatchedDirectory(), message.getWatchedDirectory()));
        try {
            Identity.load(source);
            return source;
        } catch (TlsProblem problem) {
            context.field(problem.field()).problem(String.valueOf(problem.getMessage()));
            return null;
        }
    }

    private static void checkAlpn(CommonTlsContext message, ValidationContext context) {
        int all = 0;
        for (int i = 0; i < message.getAlpnProtocolsCount(); i++) {
            int length = message.getAlpnProtocols(i).getBytes(StandardCharsets.UTF_8).length;
            all += 1 + length;
            if (length == 0 || length > MAX_ALPN_BYTES || all > MAX_ALPN_LIST_BYTES) {
                context.field("alpn_protocols", i).problem("Invalid ALPN protocol string");
            }
        }
    }
}
