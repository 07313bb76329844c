package dev.starling.config.tls;

import java.util.List;
import java.util.Optional;

/**
 * {@code envoy.extensions.transport_sockets.tls.v3.CommonTlsContext}.
 *
 * @param alpnProtocols offered, or chosen from in this order
 */
public record CommonTls(
        TlsParameters parameters,
        List<CertificateSource> certificates,
        Optional<PeerValidation> validation,
        List<String> alpnProtocols) {

    public CommonTls {
        certificates = List.copyOf(certificates);
        alpnProtocols = List.copyOf(alpnProtocols);
    }
}
