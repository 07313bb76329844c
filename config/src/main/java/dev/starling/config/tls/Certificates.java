package dev.starling.config.tls;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads certificates from PEM text. */
final class Certificates {

    private Certificates() {}

    /** In the order of the text; empty if there are none, or one of them is broken. */
    static Optional<List<X509Certificate>> read(byte[] text) {
        try {
            var factory = CertificateFactory.getInstance("X.509");
            var certificates = new ArrayList<X509Certificate>();
            for (var block : Pem.parse(text).orElse(List.of())) {
                if (block.isCertificate()) {
                    certificates.add(
                            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.content())));
                }
            }
            return certificates.isEmpty() ? Optional.empty() : Optional.of(certificates);
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }
}
