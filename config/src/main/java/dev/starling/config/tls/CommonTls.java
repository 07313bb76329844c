package dev.starling.config.tls;

import java.util.List;
import java.util.Optional;

/**
 * {@code envoy.extensions.transport_sockets.tls.v3.CommonTlsContext}.
 *
 * @param alpnProtocols offered, or chosen from in this order
 * @param secrets what is to come beside what is given here
 */
public record CommonTls(
        TlsParameters parameters,
        List<CertificateSource> certificates,
        Optional<PeerValidation> validation,
        List<String> alpnProtocols,
        TlsSecrets secrets) {

    public CommonTls {
        certificates = List.copyOf(certificates);
        alpnProtocols = List.copyOf(alpnProtocols);
    }

    /** Everything is given. */
    public CommonTls(
            TlsParameters parameters,
            List<CertificateSource> certificates,
            Optional<PeerValidation> validation,
            List<String> alpnProtocols) {
        this(parameters, certificates, validation, alpnProtocols, TlsSecrets.NONE);
    }

    /** Whether peers are held to anything. */
    public boolean validates() {
        return validation.isPresent() || secrets.validation().isPresent();
    }
}
