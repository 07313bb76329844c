package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A TLS context that names {@code signature_algorithms}, asked by {@code openssl s_client}: which signatures are made and asked
 * for, certificates by name, ALPN, resumption, statistics. The same in the real Envoy, where there is one. Left out, with a
 * line that says so, without openssl.
 */
@Timeout(180)
class SignatureAlgorithmsSameAsEnvoyIT {

    private static final Pattern TOLD = Pattern.compile(
            "^(Peer sign.*|Requested Signature Alg.*|ALPN protocol.*|subject=.*|New, |Reused, |No ALPN.*)|(hello from"
                    + " the proxy)");

    private static final Pattern COUNTED = Pattern.compile(
            "listener\\.secured\\.ssl\\." + "(handshake|connection_error|fail_verify_.*|no_certificate|versions\\..*)");

    /** Java's TLS 1.3 does not ask for what no handshake of TLS 1.3 can be signed with. */
    private static final String NOT_OF_TLS_1_3 = ":RSA+SHA512";

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws Exception {
        boolean there = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(each -> Files.isExecutable(Path.of(each, "openssl")));
        if (!there) {
            System.err.println("SignatureAlgorithmsSameAsEnvoyIT is LEFT OUT: no openssl");
        }
        assumeTrue(there, "no openssl here");
        X509Bundle authority = new CertificateBuilder()
                .subject("CN=authority")
                .ecp256()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        write("ca", authority);
        write("rsa", certificate("rsa").rsa2048().buildIssuedBy(authority));
        write("ec", certificate("ec").ecp256().buildIssuedBy(authority));
    }

    private static CertificateBuilder certificate(String name) {
        return new CertificateBuilder().subject("CN=" + name).addSanDnsName(name + ".test");
    }

    private void write(String name, X509Bundle bundle) throws IOException {
        Files.writeString(folder.resolve(name + ".pem"), bundle.getCertificatePEM());
        Files.writeString(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM());
    }

    /** What openssl says of one connection that asks for something. */
    private String client(ProxyProcess proxy, String options) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect"));
        command.add("127.0.0.1:" + proxy.listener("secured").getPort());
        command.addAll(List.of("-ign_eof", "-alpn", "http/1.1"));
        command.addAll(List.of(options.split(" ")));
        Process openssl = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        try (var in = openssl.outputWriter(StandardCharsets.US_ASCII)) {
            in.write("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        } catch (IOException gone) {
            // it says why
        }
        String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        return "-- " + options + "\n"
                + said.lines()
                        .map(TOLD::matcher)
                        .filter(Matcher::find)
                        .map(Matcher::group)
                        .distinct()
                        .collect(Collectors.joining("\n"));
    }

    /** What clients with these options get, through Starling, and compared with Envoy if it is there. */
    private String told(String algorithms, boolean mutual, String... clients) throws IOException {
        String bootstrap = BothProxies.resource("signatures-bootstrap.yaml")
                .replace("{algorithms}", algorithms)
                .replace("{mutual}", Boolean.toString(mutual))
                .replace("{files}", folder.toString());
        Optional<Path> envoy = EnvoyBinary.find();
        String ours;
        try (ProxyProcess starling = ProxyProcess.starling(folder.resolve("starling"), bootstrap)) {
            ours = told(starling, clients);
        }
        if (envoy.isPresent()) {
            try (ProxyProcess theirs = ProxyProcess.envoy(envoy.get(), folder.resolve("envoy"), bootstrap)) {
                assertThat(ours.replace(NOT_OF_TLS_1_3, ""))
                        .isEqualTo(told(theirs, clients).replace(NOT_OF_TLS_1_3, ""));
            }
        }
        return ours;
    }

    private String told(ProxyProcess proxy, String... clients) throws IOException {
        List<String> told = new ArrayList<>();
        for (String client : clients) {
            told.add(client(proxy, client));
        }
        proxy.stats().forEach((name, value) -> {
            if (COUNTED.matcher(name).matches()) {
                told.add(name + "=" + value);
            }
        });
        return String.join("\n", told);
    }

    @Test
    void signsAsTold() throws IOException {
        String told = told(
                "rsa_pss_rsae_sha384, rsa_pkcs1_sha512, ecdsa_secp256r1_sha256",
                false,
                "-tls1_3 -servername rsa.test",
                "-tls1_2 -servername rsa.test",
                "-tls1_2 -servername rsa.test -sigalgs RSA+SHA512:RSA-PSS+SHA256",
                "-tls1_3 -servername rsa.test -sigalgs RSA-PSS+SHA256",
                "-tls1_2 -servername rsa.test -sigalgs RSA-PSS+SHA256",
                "-tls1_3 -servername ec.test",
                "-tls1_2 -servername ec.test",
                "-tls1_3 -servername ec.test -sess_out session",
                "-tls1_3 -servername ec.test -sess_in session",
                "-tls1_2 -servername ec.test -sess_out session2",
                "-tls1_2 -servername ec.test -sess_in session2");

        assertThat(told)
                .contains("Peer signing digest: SHA384\nPeer signature type: RSA-PSS")
                .contains("Peer signing digest: SHA512\nPeer signature type: RSA")
                .contains("Peer signing digest: SHA256\nPeer signature type: ECDSA")
                .contains("sess_in session\nsubject=CN = ec\nReused, ", "sess_in session2\nsubject=CN = ec\nReused, ")
                .contains("listener.secured.ssl.versions.TLSv1.2=5\n", "listener.secured.ssl.versions.TLSv1.3=4");
    }

    @Test
    void asksClientsForThoseSignaturesOnly() throws IOException {
        String told = told(
                "RSA-PSS+SHA256, ecdsa_secp256r1_sha256",
                true,
                "-tls1_3 -servername rsa.test -cert rsa.pem -key rsa.key",
                "-tls1_2 -servername rsa.test -cert rsa.pem -key rsa.key",
                "-tls1_2 -servername rsa.test -cert rsa.pem -key rsa.key -client_sigalgs RSA+SHA256",
                "-tls1_3 -servername rsa.test");

        assertThat(told)
                .contains("Requested Signature Algorithms: RSA-PSS+SHA256:ECDSA+SHA256", "hello from the proxy");
    }
}
