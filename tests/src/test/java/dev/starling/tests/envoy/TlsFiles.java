package dev.starling.tests.envoy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The certificates of a test, made for it, and the files in which both proxies find theirs. */
final class TlsFiles {

    static final String CLIENT_URI = "spiffe://cluster.local/ns/a/sa/b";

    private final Path folder;
    private final Map<String, X509Bundle> identities = new TreeMap<>();

    TlsFiles(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        X509Bundle authority = authority("ca", new CertificateBuilder());
        X509Bundle other = authority("other-ca", new CertificateBuilder());
        X509Bundle middle = new CertificateBuilder()
                .subject("CN=middle")
                .setIsCertificateAuthority(true)
                .buildIssuedBy(authority);
        keep("middle", middle);

        server("server", authority, "server.example.com", CertificateBuilder::ecp256);
        server("server-rsa", authority, "server.example.com", CertificateBuilder::rsa2048);
        server("rsa", authority, "rsa.example.com", CertificateBuilder::rsa2048);
        server("exact", authority, "exact.wild.example.com", CertificateBuilder::ecp256);
        server("second", authority, "second.example.com", CertificateBuilder::ecp256);
        server("strange", other, "server.example.com", CertificateBuilder::ecp256);
        server("old-server", authority, "server.example.com", TlsFiles::expired);
        // The builder takes a wildcard for no name, the proxies take the common name then.
        keep("wild", new CertificateBuilder().subject("CN=*.wild.example.com").buildIssuedBy(authority));

        client("good", authority, builder -> builder);
        client("pinned", other, builder -> builder);
        client("expired", authority, TlsFiles::expired);
        client(
                "future",
                authority,
                builder -> builder.notBefore(Instant.now().plus(Duration.ofDays(1)))
                        .notAfter(Instant.now().plus(Duration.ofDays(2))));
        client("revoked", authority, builder -> builder);
        client("for-servers", authority, CertificateBuilder::addExtendedKeyUsageServerAuth);
        client("for-clients", authority, CertificateBuilder::addExtendedKeyUsageClientAuth);
        client("through-middle", middle, builder -> builder);
        keep("nameless", new CertificateBuilder().subject("CN=nameless").buildIssuedBy(authority));
        authority("self-signed", new CertificateBuilder().addSanDnsName("client"));

        write("ca.crl", revocations(authority, Duration.ofDays(1)));
        write("old.crl", revocations(authority, Duration.ofHours(-1)));
    }

    static TlsFiles in(Path folder) throws IOException {
        try {
            return new TlsFiles(folder);
        } catch (IOException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IOException(failure);
        }
    }

    /** A list of revocations that is good for so long. */
    private String revocations(X509Bundle authority, Duration lasts) throws Exception {
        Instant now = Instant.now();
        X509v2CRLBuilder list = new JcaX509v2CRLBuilder(
                authority.getCertificate().getSubjectX500Principal(), Date.from(now.minus(Duration.ofHours(2))));
        list.setNextUpdate(Date.from(now.plus(lasts)));
        list.addCRLEntry(identity("revoked").getCertificate().getSerialNumber(), Date.from(now), 0);
        byte[] signed = list.build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(authority.getKeyPair().getPrivate()))
                .getEncoded();
        return pem("X509 CRL", signed);
    }

    private X509Bundle authority(String name, CertificateBuilder builder) throws Exception {
        X509Bundle made = builder.subject("CN=" + name + ",O=Starling")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        keep(name, made);
        return made;
    }

    private static CertificateBuilder expired(CertificateBuilder builder) {
        return builder.notBefore(Instant.now().minus(Duration.ofDays(2)))
                .notAfter(Instant.now().minus(Duration.ofDays(1)));
    }

    private void server(String file, X509Bundle issuer, String name, UnaryOperator<CertificateBuilder> more)
            throws Exception {
        keep(
                file,
                more.apply(new CertificateBuilder().subject("CN=" + file).addSanDnsName(name))
                        .buildIssuedBy(issuer));
    }

    private void client(String file, X509Bundle issuer, UnaryOperator<CertificateBuilder> more) throws Exception {
        CertificateBuilder builder = new CertificateBuilder()
                .subject("CN=" + file + ",OU=a\\,b,O=Clients & Co,C=DE")
                .addSanUriName(CLIENT_URI)
                .addSanDnsName("client.example.com")
                .addSanDnsName("second.client.example.com")
                .addSanRfc822Name("client@example.com")
                .addSanIpAddress("10.1.2.3");
        keep(file, more.apply(builder).buildIssuedBy(issuer));
    }

    private void keep(String name, X509Bundle bundle) throws IOException {
        identities.put(name, bundle);
        write(name + ".pem", bundle.getCertificatePathPEM());
        write(name + ".key", bundle.getPrivateKeyPEM());
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static String pem(String label, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }

    X509Bundle identity(String name) {
        X509Bundle known = identities.get(name);
        if (known == null) {
            throw new IllegalArgumentException(name);
        }
        return known;
    }

    Path folder() {
        return folder;
    }

    private String hash(byte[] bytes, boolean hex) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
        return hex ? HexFormat.of().formatHex(digest) : Base64.getEncoder().encodeToString(digest);
    }

    /** What stands for files and pins in configurations. */
    String fill(String yaml) throws Exception {
        return yaml.replace("{tls}", folder.toString())
                .replace(
                        "{hash-of-pinned}",
                        hash(identity("pinned").getCertificate().getEncoded(), true))
                .replace(
                        "{key-of-pinned}",
                        hash(identity("pinned").getKeyPair().getPublic().getEncoded(), false));
    }
}
