package dev.starling.config.http;

/**
 * What upstreams are told of the client's certificate in {@code x-forwarded-client-cert}.
 *
 * @param certificate whether the certificate itself is part of it
 */
public record ClientCertificate(
        Forwarding forwarding, boolean subject, boolean certificate, boolean chain, boolean dns, boolean uri) {

    public static final ClientCertificate DEFAULT =
            new ClientCertificate(Forwarding.SANITIZE, false, false, false, false, false);

    /** {@code forward_client_cert_details}. */
    public enum Forwarding {
        /** Nothing is told, and what the client says is not passed on. */
        SANITIZE,
        /** What the client says is passed on if it has a certificate. */
        FORWARD_ONLY,
        /** The certificate is added to what the client says. */
        APPEND_FORWARD,
        /** The certificate is told in place of what the client says. */
        SANITIZE_SET,
        /** What the client says is passed on. */
        ALWAYS_FORWARD_ONLY
    }
}
