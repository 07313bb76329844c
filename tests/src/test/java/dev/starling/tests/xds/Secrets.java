package dev.starling.tests.xds;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsSessionTicketKeys;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/** Certificates made for a test, and the secrets that bring them. */
final class Secrets {

    final X509Bundle authority;

    Secrets() throws Exception {
        authority = new CertificateBuilder()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    /** Good for names of the loopback too. */
    X509Bundle issue(String name, String dnsName) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=" + name)
                .addSanDnsName(dnsName)
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(authority);
    }

    static Secret certificate(String name, X509Bundle bundle) {
        return certificate(name, bundle, bundle);
    }

    /** Whose key may be another one's. */
    static Secret certificate(String name, X509Bundle bundle, X509Bundle key) {
        return Secret.newBuilder()
                .setName(name)
                .setTlsCertificate(TlsCertificate.newBuilder()
                        .setCertificateChain(inline(bundle.getCertificatePathPEM()))
                        .setPrivateKey(inline(key.getPrivateKeyPEM())))
                .build();
    }

    Secret validation(String name) {
        return Secret.newBuilder()
                .setName(name)
                .setValidationContext(
                        CertificateValidationContext.newBuilder().setTrustedCa(inline(authority.getCertificatePEM())))
                .build();
    }

    static Secret tickets(String name, int content) {
        return Secret.newBuilder()
                .setName(name)
                .setSessionTicketKeys(TlsSessionTicketKeys.newBuilder()
                        .addKeys(DataSource.newBuilder()
                                .setInlineBytes(ByteString.copyFromUtf8(
                                        Integer.toString(content).repeat(80)))))
                .build();
    }

    private static DataSource inline(String text) {
        return DataSource.newBuilder().setInlineString(text).build();
    }
}
