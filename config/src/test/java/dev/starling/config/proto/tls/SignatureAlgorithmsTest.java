package dev.starling.config.proto.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.proto.LoaderFixture;
import dev.starling.config.tls.DownstreamTls;
import org.junit.jupiter.api.Test;

class SignatureAlgorithmsTest {

    private static DownstreamTls load(String parameters, String more) throws InvalidConfigException {
        var loaded = LoaderFixture.load("""
                static_resources:
                  listeners:
                  - name: l
                    address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                    filter_chains:
                    - filters: [{name: e, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}]
                      transport_socket:
                        name: tls
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                          common_tls_context:
                            tls_params: {%s}
                            tls_certificate_sds_secret_configs: [{name: a, sds_config: {path_config_source: {path: /dev/null}}}]
                          %s
                """.formatted(parameters, more));
        return (DownstreamTls) loaded.bootstrap()
                .listeners()
                .getFirst()
                .filterChains()
                .getFirst()
                .transportSocket();
    }

    @Test
    void knowsBothWaysOfBoringSslToNameThem() throws Exception {
        var tls = load("signature_algorithms: [RSA-PSS+SHA256, PSS+SHA384, RSA+SHA512, ECDSA+SHA512, ed25519]", "");

        assertThat(tls.common().parameters().signatureAlgorithms())
                .containsExactly(
                        "rsa_pss_rsae_sha256",
                        "rsa_pss_rsae_sha384",
                        "rsa_pkcs1_sha512",
                        "ecdsa_secp521r1_sha512",
                        "ed25519");
    }

    @Test
    void refusesWhatJavaHasNotThoughEnvoyTakesIt() {
        assertThatThrownBy(() -> load("signature_algorithms: [ed25519, rsa_pkcs1_sha1]", ""))
                .hasMessageContaining(
                        "tls_params.signature_algorithms[1]: not supported: Java's TLS does not sign with");
        assertThatThrownBy(() -> load(
                        "signature_algorithms: [ed25519], tls_minimum_protocol_version: TLSv1_0,"
                                + " ecdh_curves: [P-256, X25519MLKEM768], cipher_suites: [AES128-SHA]",
                        "disable_stateless_session_resumption: true"))
                .hasMessageContaining("tls_params.tls_minimum_protocol_version: not supported together with")
                .hasMessageContaining("tls_params.ecdh_curves[1]: not supported together with")
                .hasMessageContaining("tls_params.cipher_suites[0]: not supported together with")
                .hasMessageContaining("typed_config.disable_stateless_session_resumption: not supported together with");
    }
}
