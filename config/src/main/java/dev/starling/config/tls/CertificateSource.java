package dev.starling.config.tls;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
        Optional<String> watchedDirectory) {

    public List<DataSource> sources() {
        return Stream.of(chain, privateKey, pkcs12, password, ocspStaple)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The same with what the sources hold now. @throws TlsProblem in Envoy's words */
    public CertificateSource loaded() throws TlsProblem {
        return new CertificateSource(
                loaded(chain, "certificate_chain"),
                loaded(privateKey, "private_key"),
                loaded(pkcs12, "pkcs12"),
                loaded(password, "password"),
                loaded(ocspStaple, "ocsp_staple"),
                watchedDirectory);
    }

    private static Optional<DataSource> loaded(Optional<DataSource> source, String field) throws TlsProblem {
        return source.isPresent() ? Optional.of(source.get().loaded(field)) : source;
    }
}
