package dev.starling.config.proto.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.proto.LoaderFixture;
import dev.starling.config.tls.CommonTls;
import dev.starling.config.tls.DataSource;
import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.DownstreamTls.Tickets;
import dev.starling.config.tls.IdentityTest;
import dev.starling.config.tls.PartialValidation;
import dev.starling.config.tls.PeerValidation;
import dev.starling.config.tls.SdsSecret;
import dev.starling.config.tls.Secret;
import dev.starling.config.tls.TlsProblem;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretReaderTest {

    private static final String CERTIFICATE =
            "tls_certificate: {certificate_chain: {filename: \"%1$s/ec.pem\"}, private_key: {filename: \"%1$s/ec.key\"}}";

    private static String folder() {
        try {
            return Path.of(IdentityTest.class.getResource("ec.pem").toURI())
                    .resolveSibling("")
                    .toString();
        } catch (java.net.URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** The context of a listener of this bootstrap. */
    private static DownstreamTls listener(String secrets, String context) throws InvalidConfigException {
        var loaded = LoaderFixture.load("""
                static_resources:
                  secrets: [%s]
                  listeners:
                  - name: l
                    address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                    filter_chains:
                    - filters: [{name: e, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}]
                      transport_socket:
                        name: tls
                        typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext, %s}
                """.formatted(secrets, context));
        return (DownstreamTls) loaded.bootstrap()
                .listeners()
                .getFirst()
                .filterChains()
                .getFirst()
                .transportSocket();
    }

    private static String certificate(String name) {
        return ("{name: " + name + ", " + CERTIFICATE + "}").formatted(folder());
    }

    @Test
    void takesSecretsOfTheBootstrapAsIfTheyStoodThere() throws Exception {
        String keys = "{name: keys, session_ticket_keys: {keys: [{inline_string: \"" + "k".repeat(80) + "\"}]}}";
        String rules = "{name: rules, validation_context: {trusted_ca: {filename: \"" + folder() + "/ec.pem\"}}}";

        var tls = listener(
                certificate("own") + ", " + keys + ", " + rules,
                "common_tls_context: {tls_certificate_sds_secret_configs: [{name: own}],"
                        + " validation_context_sds_secret_config: {name: rules}},"
                        + " session_ticket_keys_sds_secret_config: {name: keys}");

        assertThat(tls.secrets()).isEmpty();
        assertThat(tls.common().certificates()).hasSize(1);
        assertThat(tls.common().validation().flatMap(PeerValidation::trust)).isPresent();
        assertThat(tls.tickets()).isEqualTo(new Tickets.Keys(java.util.List.of(DataSource.Inline.of("k".repeat(80)))));
    }

    @Test
    void namesWhatIsToCome() throws Exception {
        var tls = listener(
                "",
                "common_tls_context: {tls_certificate_sds_secret_configs: [{name: own, sds_config: {ads: {}}}],"
                        + " combined_validation_context: {default_validation_context: {},"
                        + " validation_context_sds_secret_config: {name: rules, sds_config: {ads: {}}}}},"
                        + " session_ticket_keys_sds_secret_config: {name: keys, sds_config: {ads: {}}}");

        var source = new ConfigSource.Ads(Duration.ofSeconds(15));
        assertThat(tls.secrets())
                .containsExactly(
                        new SdsSecret("own", source, Secret.Certificate.class),
                        new SdsSecret("rules", source, Secret.Validation.class),
                        new SdsSecret("keys", source, Secret.TicketKeys.class));
        CommonTls common = tls.common();
        assertThat(common.validates()).isTrue();
        assertThat(common.validation()).isEmpty();
        assertThat(common.secrets().defaults()).isPresent();
    }

    @Test
    void refusesGivenAndNamedCertificatesTogether() {
        assertThatThrownBy(() -> listener(
                        "",
                        ("common_tls_context: {tls_certificates: [{" + CERTIFICATE.replace("tls_certificate: {", "")
                                        + "], tls_certificate_sds_secret_configs: [{name: own, sds_config: {ads: {}}}]}")
                                .formatted(folder())))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("common_tls_context.tls_certificate_sds_secret_configs: SDS and non-SDS TLS"
                        + " certificates may not be mixed in server contexts");
    }

    private static PartialValidation part(String yaml) throws InvalidConfigException {
        var loaded = LoaderFixture.load("static_resources: {secrets: [{name: a, validation_context: " + yaml + "}]}");
        return ((Secret.Validation) loaded.bootstrap().secrets().all().getFirst()).rules();
    }

    @Test
    void laysRulesOverOthersAsMessagesAreMerged() throws Exception {
        String authority = "trusted_ca: {filename: \"" + folder() + "/ec.pem\"}";
        var names = part("{match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact: a}}],"
                + " max_verify_depth: 1, trust_chain_verification: ACCEPT_UNTRUSTED}");
        var trust = part("{" + authority
                + ", max_verify_depth: 2, match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact: b}}]}");

        var rules = trust.over(names).rules();

        assertThat(rules.subjectAltNames())
                .extracting(name -> name.matcher().toString())
                .satisfiesExactly(
                        first -> assertThat(first).contains("a"),
                        second -> assertThat(second).contains("b"));
        assertThat(rules.trust().orElseThrow().maxDepth()).isEqualTo(2);
        assertThat(rules.acceptUntrusted()).isTrue();
    }

    @Test
    void findsOutThatAPartMakesNoSenseWhenItIsUsed() throws Exception {
        var names = part("{match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact: a}}]}");

        assertThatThrownBy(names::rules)
                .isInstanceOf(TlsProblem.class)
                .hasMessage(
                        "SAN-based verification of peer certificates without trusted CA is insecure and not allowed");
    }

    @Test
    void holdsWhatItsFilesHeldWhenItWasLoaded(@TempDir Path files) throws Exception {
        Path chain = Files.copy(Path.of(folder(), "ec.pem"), files.resolve("chain.pem"));
        Path key = Files.copy(Path.of(folder(), "ec.key"), files.resolve("key.pem"));
        var loaded = LoaderFixture.load(("static_resources: {secrets: [{name: a, tls_certificate:"
                        + " {certificate_chain: {filename: \"%s\"}, private_key: {filename: \"%s\"}}}]}")
                .formatted(chain, key));
        Secret secret = loaded.bootstrap().secrets().all().getFirst();

        Secret before = secret.loaded();
        assertThat(secret.loaded()).isEqualTo(before);
        assertThat(secret.folders()).containsExactly(files);
        Files.copy(Path.of(folder(), "rsa.key"), key, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(secret::loaded).isInstanceOf(TlsProblem.class).hasMessageContaining("KEY_TYPE_MISMATCH");
        Files.copy(Path.of(folder(), "rsa.pem"), chain, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(secret.loaded()).isNotEqualTo(before);
        Files.delete(key);
        assertThatThrownBy(secret::loaded).isInstanceOf(TlsProblem.class).hasMessage("Invalid path: " + key);
    }

    @Test
    void printsNothingOfWhatItHolds() throws Exception {
        String key = Files.readString(Path.of(folder(), "ec.key"));
        String printed = LoaderFixture.load(("static_resources: {secrets: [{name: a, tls_certificate:"
                                + " {certificate_chain: {filename: \"%s/ec.pem\"}, private_key: {inline_string: \"%s\"},"
                                + " password: {inline_string: whisper}}}]}")
                        .formatted(folder(), key.replace("\n", "\\n")))
                .yaml();

        assertThat(printed)
                .contains("private_key:\n", "inline_string: \"[redacted]\"", folder() + "/ec.pem")
                .doesNotContain("PRIVATE KEY", "whisper");
    }

    @Test
    void tellsNothingOfWhatItHolds() throws Exception {
        String rules = new ValidationPart(CertificateValidationContext.newBuilder()
                        .addVerifyCertificateHash("hush")
                        .build())
                .toString();
        String keys = LoaderFixture.load(
                        "static_resources: {secrets: [{name: keys, session_ticket_keys: {keys: [{inline_string: \""
                                + "k".repeat(80) + "\"}]}}]}")
                .bootstrap()
                .secrets()
                .toString();

        assertThat(rules + keys).doesNotContain("hush", "kkkk");
    }
}
