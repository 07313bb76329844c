package dev.starling.xds.accesslog;

import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.data.accesslog.v3.TLSProperties;
import io.envoyproxy.envoy.data.accesslog.v3.TLSProperties.CertificateProperties;
import io.envoyproxy.envoy.data.accesslog.v3.TLSProperties.TLSVersion;
import java.util.List;

/**
 * What an entry tells of the client's TLS. What is not known is empty.
 *
 * @param version such as {@code TLSv1.3}
 * @param cipherSuite IANA's number
 */
public record TlsProperties(
        String version,
        int cipherSuite,
        String sessionId,
        String serverName,
        String ja3,
        Certificate local,
        Certificate peer) {

    /** Whose certificate was shown. */
    public record Certificate(String subject, String issuer, List<String> uriSans) {
        public static final Certificate NONE = new Certificate("", "", List.of());

        public Certificate {
            uriSans = List.copyOf(uriSans);
        }

        private CertificateProperties message() {
            var message = CertificateProperties.newBuilder().setSubject(subject).setIssuer(issuer);
            uriSans.forEach(uri -> message.addSubjectAltNameBuilder().setUri(uri));
            return message.build();
        }
    }

    TLSProperties message() {
        return TLSProperties.newBuilder()
                .setTlsVersion(
                        switch (version) {
                            case "TLSv1" -> TLSVersion.TLSv1;
                            case "TLSv1.1" -> TLSVersion.TLSv1_1;
                            case "TLSv1.2" -> TLSVersion.TLSv1_2;
                            case "TLSv1.3" -> TLSVersion.TLSv1_3;
                            default -> TLSVersion.VERSION_UNSPECIFIED;
                        })
                .setTlsCipherSuite(UInt32Value.of(cipherSuite))
                .setTlsSessionId(sessionId)
                .setTlsSniHostname(serverName)
                .setJa3Fingerprint(ja3)
                .setLocalCertificateProperties(local.message())
                .setPeerCertificateProperties(peer.message())
                .build();
    }
}
