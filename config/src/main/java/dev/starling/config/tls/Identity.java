package dev.starling.config.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A certificate with its chain and its key, as read once from its source.
 *
 * @param chain the certificate itself first
 * @param from as Envoy names the source in messages and on {@code /certs}
 * @param ocspResponse DER; absent: none is stapled
 */
public record Identity(List<X509Certificate> chain, PrivateKey key, String from, Optional<OcspResponse> ocspResponse) {

    private static final int LEAST_RSA_BITS = 2048;

    public Identity {
        chain = List.copyOf(chain);
    }

    /** Whether the certificate says that it is worth nothing without an OCSP response (RFC 7633). */
    public boolean mustStaple() {
        return certificate().getExtensionValue("1.3.6.1.5.5.7.1.24") != null;
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** @throws TlsProblem in Envoy's words, with the field of the source that is wrong */
    public static Identity load(CertificateSource source) throws TlsProblem {
        var ocsp = source.ocspStaple().isPresent()
                ? Optional.of(OcspResponse.read(source.ocspStaple().get()))
                : Optional.<OcspResponse>empty();
        var identity =
                source.pkcs12().isPresent() ? fromPkcs12(source, source.pkcs12().get(), ocsp) : fromPem(source, ocsp);
        checkKind(identity, source.pkcs12().isPresent() ? "pkcs12" : "certificate_chain");
        if (ocsp.isPresent()) {
            ocsp.get().checkAbout(identity.certificate());
        }
        return identity;
    }

    private static Identity fromPem(CertificateSource source, Optional<OcspResponse> ocsp) throws TlsProblem {
        byte[] chainText = bytes(source.chain());
        String chainFrom = display(source.chain());
        if (chainText.length == 0) {
            throw new TlsProblem(
                    "certificate_chain",
                    "Failed to load incomplete certificate from " + chainFrom + ": certificate chain not set");
        }
        var chain = Certificates.read(chainText)
                .orElseThrow(() ->
                        new TlsProblem("certificate_chain", "Failed to load certificate chain from " + chainFrom));
        byte[] keyText = bytes(source.privateKey());
        String keyFrom = display(source.privateKey());
        if (keyText.length == 0) {
            throw new TlsProblem("private_key", "Failed to load incomplete private key from path: " + keyFrom);
        }
        try {
            var key = PrivateKeys.read(keyText, password(source));
            checkMatch(chain.getFirst().getPublicKey(), key);
            return new Identity(chain, key, chainFrom, ocsp);
        } catch (GeneralSecurityException e) {
            throw new TlsProblem(
                    "private_key", "Failed to load private key from " + keyFrom + ", Cause: " + e.getMessage());
        }
    }

    private static Identity fromPkcs12(CertificateSource source, DataSource container, Optional<OcspResponse> ocsp)
            throws TlsProblem {
        try {
            var store = KeyStore.getInstance("PKCS12");
            char[] password = password(source).orElse(new char[0]);
            store.load(new ByteArrayInputStream(container.read()), password);
            for (var aliases = store.aliases(); aliases.hasMoreElements(); ) {
                String alias = aliases.nextElement();
                if (store.isKeyEntry(alias)) {
                    var chain = new ArrayList<X509Certificate>();
                    for (var certificate : store.getCertificateChain(alias)) {
                        chain.add((X509Certificate) certificate);
                    }
                    return new Identity(chain, (PrivateKey) store.getKey(alias, password), container.display(), ocsp);
                }
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new TlsProblem("pkcs12", "Failed to load pkcs12 from " + container.display());
        }
        throw new TlsProblem("pkcs12", "Failed to load certificate from " + container.display());
    }

    private static byte[] bytes(Optional<DataSource> source) {
        try {
            return source.isPresent() ? source.get().read() : new byte[0];
        } catch (IOException nothingThere) {
            return new byte[0]; // as Envoy: it is told that there is nothing, in the words that go with the field
        }
    }

    private static String display(Optional<DataSource> source) {
        return source.map(DataSource::display).orElse("");
    }

    private static Optional<char[]> password(CertificateSource source) {
        byte[] text = bytes(source.password());
        return source.password().isPresent() && text.length > 0
                ? Optional.of(new String(text, StandardCharsets.UTF_8).toCharArray())
                : Optional.empty();
    }

    private static void checkKind(Identity identity, String field) throws TlsProblem {
        switch (identity.certificate().getPublicKey()) {
            case RSAPublicKey rsa
            when rsa.getModulus().bitLength() < LEAST_RSA_BITS ->
                throw new TlsProblem(
                        field,
                        "Failed to load certificate chain from " + identity.from()
                                + ", only RSA certificates with 2048-bit or larger keys are supported");
            case ECPublicKey ec
            when !isSupported(ec.getParams().getCurve().getField().getFieldSize()) ->
                throw new TlsProblem(
                        field,
                        "Failed to load certificate chain from " + identity.from()
                                + ", only P-256, P-384 or P-521 ECDSA certificates are supported");
            case RSAPublicKey _, ECPublicKey _ -> {}
            default ->
                throw new TlsProblem(
                        field,
                        "Failed to load certificate chain from " + identity.from()
                                + ", only RSA and ECDSA certificates are supported");
        }
    }

    private static boolean isSupported(int fieldBits) {
        return fieldBits == 256 || fieldBits == 384 || fieldBits == 521;
    }

    /** Signs something, which no other key could have signed so. */
    private static void checkMatch(PublicKey publicKey, PrivateKey key) throws GeneralSecurityException {
        if (!publicKey.getAlgorithm().equals(key.getAlgorithm())) {
            throw new GeneralSecurityException(
                    "error:0b000073:X.509 certificate routines:OPENSSL_internal:KEY_TYPE_MISMATCH");
        }
        byte[] something = publicKey.getEncoded();
        var signature = Signature.getInstance(
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                });
        signature.initSign(key);
        signature.update(something);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(something);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException(
                    "error:0b000074:X.509 certificate routines:OPENSSL_internal:KEY_VALUES_MISMATCH");
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "Identity[" + from + "]";
    }
}
