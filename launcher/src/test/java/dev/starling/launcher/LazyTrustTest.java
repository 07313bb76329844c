package dev.starling.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;

class LazyTrustTest {

    /** Made by {@code openssl req -x509 -newkey ec -days 36500 -subj /CN=nobody}; its key was thrown away. */
    private static final String SELF_SIGNED = """
            -----BEGIN CERTIFICATE-----
            MIIBeTCCAR+gAwIBAgIUXFQpMTRc+NbhkhdvErFVF+Czx/8wCgYIKoZIzj0EAwIw
            ETEPMA0GA1UEAwwGbm9ib2R5MCAXDTI2MTEyMTE1MjMxNloYDzIxMjYxMDI4MTUy
            MzE2WjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
            AAQl8mTu68ogMfCgL0qf+LivrbL3gjl1THRDlLNeVbHt2EdhEWW0GSyzGApd7unj
            i27p8hUVQ4AgovEFTIf+5V2Bo1MwUTAdBgNVHQ4EFgQUVWS4gvVjrXAOE1noPzNy
            pFCwwe8wHwYDVR0jBBgwFoAUVWS4gvVjrXAOE1noPzNypFCwwe8wDwYDVR0TAQH/
            BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAlIEt/YPqUNqAK3chSOrg2R57Fjwxe
            G2xFgEd7DBF/lwIhAJ0hLlCnaxXroUzS/M6U1X5LW3RZEQU8+piRcSFX9rxp
            -----END CERTIFICATE-----
            """;

    @Test
    void readsNothingUntilSomebodyAsksAndThenOnce() {
        AtomicInteger reads = new AtomicInteger();
        LazyTrust trust = new LazyTrust(() -> {
            reads.incrementAndGet();
            return jdk();
        });
        assertThat(reads).hasValue(0);

        assertThat(trust.getAcceptedIssuers()).isEqualTo(jdk().getAcceptedIssuers());
        assertThat(trust.getAcceptedIssuers()).isNotEmpty();

        assertThat(reads).hasValue(1);
    }

    @Test
    void trustsWhomTheJdkTrustsAndNobodyElse() throws Exception {
        LazyTrust trust = new LazyTrust(LazyTrustTest::jdk);
        X509Certificate[] known = {trust.getAcceptedIssuers()[0]};
        X509Certificate[] unknown = {selfSigned()};

        trust.checkServerTrusted(known, "RSA");

        assertThatThrownBy(() -> trust.checkServerTrusted(unknown, "RSA")).isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> trust.checkClientTrusted(unknown, "RSA")).isInstanceOf(CertificateException.class);
    }

    @Test
    void isTheDefaultOfTheProcess() throws Exception {
        SSLContext before = SSLContext.getDefault();
        try {
            LazyTrust.install();
            assertThat(SSLContext.getDefault()).isNotSameAs(before);
        } finally {
            SSLContext.setDefault(before);
        }
    }

    private static X509Certificate selfSigned() throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(SELF_SIGNED.getBytes(StandardCharsets.US_ASCII)));
    }

    private static X509ExtendedTrustManager jdk() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
    }
}
