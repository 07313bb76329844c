package dev.starling.config.tls;

import java.util.Optional;

/**
 * {@code envoy.extensions.transport_sockets.tls.v3.TlsCertificate}: where a certificate, its chain and its key are kept.
 *
 * @param privateKey of the chain; absent with {@code pkcs12}, which holds both
 * @param password of the key or of the PKCS #12 container
 * @param watchedDirectory where a move tells that the files were replaced; absent: the move of a file itself does
 */
public record CertificateSource(
        Optional<DataSource> chain,
        Optional<DataSource> privateKey,
        Optional<DataSource> pkcs12,
        Optional<DataSource> password,
        Optional<DataSource> ocspStaple,
        Optional<String> watchedDirectory) {}
