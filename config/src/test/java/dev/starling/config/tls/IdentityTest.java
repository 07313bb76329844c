package dev.starling.config.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in the forms that openssl writes them; what is said of each that cannot be read is what Envoy 1.40 says. */
public class IdentityTest {

    private static final String BAD_DECRYPT = "error:1e000065:Cipher functions:OPENSSL_internal:BAD_DECRYPT";
    private static final String NO_PASSWORD = "error:09000068:PEM routines:OPENSSL_internal:BAD_PASSWORD_READ";

    private static DataSource file(String name) {
        try {
            return new DataSource.File(
                    Path.of(IdentityTest.class.getResource(name).toURI()).toString());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Optional<DataSource> password(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(DataSource.Inline.of(text));
    }

    private static Identity pem(String key, String password) throws TlsProblem {
        return Identity.load(new CertificateSource(
                Optional.of(file(key.substring(0, key.startsWith("rsa") ? 3 : 2) + ".pem")),
                Optional.of(file(key)),
                Optional.empty(),
                password(password),
                Optional.empty(),
                Optional.empty()));
    }

    private static Identity pkcs12(String container, String password) throws TlsProblem {
        return Identity.load(new CertificateSource(
                Optional.empty(),
                Optional.empty(),
                Optional.of(file(container)),
                password(password),
                Optional.empty(),
                Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ec.key", "ec-sec1.key", "rsa.key", "rsa-pkcs1.key"})
    void readsKeysInClearWithAndWithoutAPassword(String key) throws Exception {
        assertThat(pem(key, "").key()).isNotNull();
        assertThat(pem(key, "needless").key()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ec-sec1-aes256.key",
                "ec-sec1-des3.key",
                "ec-pkcs8-aes256.key",
                "ec-pkcs8-aes128-sha1.key",
                "rsa-pkcs1-aes128.key",
                "rsa-pkcs8-aes256.key"
            })
    void readsEncryptedKeysWithTheirPasswordOnly(String key) throws Exception {
        assertThat(pem(key, "secret").key().getAlgorithm()).isEqualTo(key.startsWith("rsa") ? "RSA" : "EC");

        assertThatThrownBy(() -> pem(key, "wrong"))
                .isInstanceOf(TlsProblem.class)
                .hasMessageEndingWith(key + ", Cause: " + BAD_DECRYPT);
        assertThatThrownBy(() -> pem(key, ""))
                .isInstanceOf(TlsProblem.class)
                .hasMessageEndingWith(key + ", Cause: " + NO_PASSWORD);
    }

    @Test
    void refusesADerivationOfKeysThatBoringSslDoesNotHave() {
        assertThatThrownBy(() -> pem("ec-pkcs8-scrypt.key", "secret"))
                .isInstanceOf(TlsProblem.class)
                .hasMessageEndingWith("Cause: error:13000080:PKCS8 routines:OPENSSL_internal"
                        + ":UNSUPPORTED_KEY_DERIVATION_FUNCTION");
    }

    @ParameterizedTest
    @CsvSource({"ec.p12,secret,CN=ec", "ec-open.p12,'',CN=ec", "rsa-old.p12,secret,CN=rsa"})
    void readsContainers(String container, String password, String subject) throws Exception {
        Identity identity = pkcs12(container, password);

        assertThat(identity.certificate().getSubjectX500Principal().getName()).isEqualTo(subject);
        assertThat(identity.from()).endsWith(container);
    }

    @ParameterizedTest
    @CsvSource({"ec.p12,wrong", "ec.p12,''", "ec-open.p12,wrong", "rsa-old.p12,wrong", "no-key.p12,wrong"})
    void refusesContainersWithoutTheirPassword(String container, String password) {
        assertThatThrownBy(() -> pkcs12(container, password))
                .isInstanceOf(TlsProblem.class)
                .hasMessageStartingWith("Failed to load pkcs12 from ")
                .hasMessageEndingWith(container);
    }

    @Test
    void refusesAContainerWithoutAKey() {
        assertThatThrownBy(() -> pkcs12("no-key.p12", "secret"))
                .isInstanceOf(TlsProblem.class)
                .hasMessageStartingWith("Failed to load certificate from ");
    }

    @Test
    void tellsNothingOfTheKeyOrThePassword() throws Exception {
        Identity identity = pem("ec-pkcs8-aes256.key", "secret");
        assertThat(identity).hasToString("Identity[" + identity.from() + "]");
        assertThat(new CertificateSource(
                                Optional.empty(),
                                Optional.of(DataSource.Inline.of("hush")),
                                Optional.empty(),
                                password("whisper"),
                                Optional.empty(),
                                Optional.empty())
                        .toString())
                .doesNotContain("hush", "whisper");
    }
}
