package dev.starling.config.tls;

/**
 * {@code envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext}.
 *
 * @param sni the name asked for; empty: none
 * @param autoHostSni the endpoint's host name instead, where it has one
 * @param autoSniSanValidation the name asked for must be one of the certificate's
 * @param maxSessionKeys sessions kept to be resumed; 0: none
 * @param enforceRsaKeyUsage an RSA certificate that says what it is for must be for signatures
 */
public record UpstreamTls(
        CommonTls common,
        String sni,
        boolean autoHostSni,
        boolean autoSniSanValidation,
        int maxSessionKeys,
        boolean enforceRsaKeyUsage)
        implements UpstreamSocket {

    /** The same, of what has come. */
    public UpstreamTls with(CommonTls filled) {
        return new UpstreamTls(filled, sni, autoHostSni, autoSniSanValidation, maxSessionKeys, enforceRsaKeyUsage);
    }
}
