package dev.starling.config.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Trusted authorities and their revocations, as read once from their sources.
 *
 * @param from as Envoy names the source
 */
public record TrustStore(List<X509Certificate> authorities, List<X509CRL> revocations, String from) {

    public TrustStore {
        authorities = List.copyOf(authorities);
        revocations = List.copyOf(revocations);
    }

    /** @throws TlsProblem in Envoy's words, with the field of the validation context that is wrong */
    public static TrustStore load(PeerValidation.Trust trust) throws TlsProblem {
        var crls = new ArrayList<X509CRL>();
        List<X509Certificate> authorities;
        String from;
        if (trust.authorities().isPresent()) {
            var source = trust.authorities().get();
            from = source.display();
            var bytes = read(source, "trusted_ca");
            // Envoy takes the lists that stand among the certificates too.
            crls.addAll(revocations(bytes).orElse(List.of()));
            authorities = Certificates.read(bytes)
                    .orElseThrow(() -> new TlsProblem(
                            "trusted_ca", "Failed to load trusted CA certificates from " + source.display()));
        } else {
            from = "<system>";
            authorities = ofSystem();
        }
        if (trust.crl().isPresent()) {
            var source = trust.crl().get();
            crls.addAll(revocations(read(source, "crl"))
                    .filter(lists -> !lists.isEmpty())
                    .orElseThrow(() -> new TlsProblem("crl", "Failed to load CRL from " + source.display())));
        }
        return new TrustStore(authorities, crls, from);
    }

    private static byte[] read(DataSource source, String field) throws TlsProblem {
        try {
            byte[] bytes = source.read();
            if (bytes.length == 0) {
                throw new TlsProblem(
                        field,
                        source instanceof DataSource.File
                                ? "file " + source.display() + " is empty"
                                : "DataSource cannot be empty");
            }
            return bytes;
        } catch (IOException e) {
            throw new TlsProblem(
                    field,
                    source instanceof DataSource.File(var path)
                            ? "Invalid path: " + path
                            : String.valueOf(e.getMessage()));
        }
    }

    private static java.util.Optional<List<X509CRL>> revocations(byte[] text) {
        try {
            var factory = CertificateFactory.getInstance("X.509");
            var lists = new ArrayList<X509CRL>();
            for (var block : Pem.parse(text).orElse(List.of())) {
                if (block.label().equals("X509 CRL")) {
                    lists.add((X509CRL) factory.generateCRL(new ByteArrayInputStream(block.content())));
                }
            }
            return java.util.Optional.of(lists);
        } catch (CertificateException | CRLException e) {
            return java.util.Optional.empty();
        }
    }

    private static List<X509Certificate> ofSystem() throws TlsProblem {
        try {
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (var manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    return List.of(x509.getAcceptedIssuers());
                }
            }
        } catch (GeneralSecurityException e) {
            throw new TlsProblem("system_root_certs", "Failed to load system root certificates: " + e.getMessage());
        }
        throw new TlsProblem("system_root_certs", "Failed to load system root certificates");
    }
}
