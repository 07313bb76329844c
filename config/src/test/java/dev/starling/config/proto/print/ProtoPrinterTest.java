package dev.starling.config.proto.print;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.RuntimeDouble;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.SocketOption;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.CheckSettings;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsSessionTicketKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtoPrinterTest {

    private static final Cluster CLUSTER = Cluster.newBuilder()
            .setName("a")
            .setType(Cluster.DiscoveryType.STRICT_DNS)
            .setConnectTimeout(Duration.newBuilder().setNanos(250_000_000))
            .setPerConnectionBufferLimitBytes(UInt32Value.of(-1))
            .setMetadata(Metadata.newBuilder()
                    .putFilterMetadata("b", Struct.getDefaultInstance())
                    .putFilterMetadata("a", struct()))
            .putTypedExtensionProtocolOptions(
                    "x",
                    Any.pack(Router.newBuilder().setSuppressEnvoyHeaders(true).build()))
            .addHealthChecks(io.envoyproxy.envoy.config.core.v3.HealthCheck.getDefaultInstance())
            .build();

    @Test
    void printsYaml() {
        assertThat(ProtoPrinter.yaml(CLUSTER, Redaction.NONE)).isEqualTo("""
                name: a
                type: STRICT_DNS
                connect_timeout: 0.250s
                per_connection_buffer_limit_bytes: 4294967295
                health_checks:
                - {}
                metadata:
                  filter_metadata:
                    a:
                      l:
                      - 1
                      - - x
                        - true
                      - k: "yes"
                        m: null
                      - []
                      "n": 1.5
                    b: {}
                typed_extension_protocol_options:
                  x:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                    suppress_envoy_headers: true
                """);
    }

    @Test
    void printsJsonAsEnvoysAdminDoes() {
        assertThat(ProtoPrinter.json(CLUSTER, Redaction.NONE)).isEqualTo("""
                {
                 "name": "a",
                 "type": "STRICT_DNS",
                 "connect_timeout": "0.250s",
                 "per_connection_buffer_limit_bytes": 4294967295,
                 "health_checks": [
                  {}
                 ],
                 "metadata": {
                  "filter_metadata": {
                   "a": {
                    "l": [
                     1,
                     [
                      "x",
                      true
                     ],
                     {
                      "k": "yes",
                      "m": null
                     },
                     []
                    ],
                    "n": 1.5
                   },
                   "b": {}
                  }
                 },
                 "typed_extension_protocol_options": {
                  "x": {
                   "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router",
                   "suppress_envoy_headers": true
                  }
                 }
                }""");
    }

    @Test
    void printsWhatIsPresentThoughItIsTheDefault() {
        assertThat(ProtoPrinter.yaml(SocketAddress.newBuilder().setPortValue(0).build(), Redaction.NONE))
                .isEqualTo("port_value: 0\n");
        assertThat(ProtoPrinter.yaml(SocketAddress.getDefaultInstance(), Redaction.NONE))
                .isEqualTo("{}\n");
    }

    @Test
    void printsLongsInQuotesAndBytesInBase64() {
        var option = SocketOption.newBuilder()
                .setLevel(1L << 60)
                .setBufValue(ByteString.copyFromUtf8("hi"))
                .build();

        assertThat(ProtoPrinter.yaml(option, Redaction.NONE)).isEqualTo("""
                level: "1152921504606846976"
                buf_value: "aGk="
                """);
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "0.5, 0.5", "1e300, 1.0E300", "-3, -3", "NaN, NaN", "Infinity, Infinity"})
    void printsDoublesShort(double value, String text) {
        assertThat(ProtoPrinter.yaml(
                        RuntimeDouble.newBuilder().setDefaultValue(value).build(), Redaction.NONE))
                .isEqualTo("default_value: " + text + "\n");
    }

    @Test
    void printsGooglesOwnTypesInTheirSpelling() {
        assertThat(wrapped(Timestamp.newBuilder().setSeconds(1).build())).endsWith("value: \"1970-01-01T00:00:01Z\"\n");
        assertThat(wrapped(
                        FieldMask.newBuilder().addPaths("a_b.c").addPaths("d").build()))
                .endsWith("value: \"aB.c,d\"\n");
        assertThat(wrapped(StringValue.of("x"))).endsWith("value: x\n");
        assertThat(wrapped(Any.pack(StringValue.of("x"))))
                .endsWith("value:\n    \"@type\": type.googleapis.com/google.protobuf.StringValue\n    value: x\n");
    }

    @Test
    void printsAnyOfForeignTypesAsTheirBytes() {
        var any = Any.newBuilder().setTypeUrl("x/a.B").setValue(ByteString.copyFromUtf8("hi"));

        assertThat(ProtoPrinter.yaml(
                        TypedExtensionConfig.newBuilder().setTypedConfig(any).build(), Redaction.NONE))
                .isEqualTo("typed_config:\n  \"@type\": x/a.B\n  value: \"aGk=\"\n");
        assertThat(ProtoPrinter.yaml(
                        TypedExtensionConfig.newBuilder()
                                .setTypedConfig(Any.getDefaultInstance())
                                .build(),
                        Redaction.NONE))
                .isEqualTo("typed_config: {}\n");
    }

    @Test
    void quotesWhatOtherReadersWouldTakeForSomethingElse() {
        for (String text : new String[] {
            "",
            "yes",
            "1.5",
            "5",
            "0x1f",
            "1:30",
            "2001-01-01",
            "null",
            "~",
            "a: b",
            "a #b",
            "- a",
            "*",
            "@x",
            " a",
            "a ",
            "a:",
            "\n",
            "\"",
            "1e3",
            "\u0001",
            "{a}",
            "'"
        }) {
            assertThat(ProtoPrinter.yaml(Cluster.newBuilder().setName(text).build(), Redaction.NONE))
                    .startsWith(text.isEmpty() ? "{}" : "name: \"");
        }
        for (String text :
                new String[] {"a", "/a/b", "a.b-c_d", "127.0.0.1", "1s", "type.googleapis.com/a.B", "a:80"}) {
            assertThat(ProtoPrinter.yaml(Cluster.newBuilder().setName(text).build(), Redaction.NONE))
                    .isEqualTo("name: " + text + "\n");
        }
    }

    @Test
    void redactsSecretsAsEnvoyDoes() {
        var secret = Secret.newBuilder()
                .setName("s")
                .setTlsCertificate(TlsCertificate.newBuilder()
                        .setCertificateChain(inline("chain"))
                        .setPrivateKey(inline("key"))
                        .setPassword(DataSource.newBuilder().setInlineBytes(ByteString.copyFromUtf8("pass"))))
                .build();

        assertThat(ProtoPrinter.yaml(secret, Redaction.SECRETS)).isEqualTo("""
                name: s
                tls_certificate:
                  certificate_chain:
                    inline_string: chain
                  private_key:
                    inline_string: "[redacted]"
                  password:
                    inline_bytes: "W3JlZGFjdGVkXQ=="
                """);
        assertThat(ProtoPrinter.yaml(secret, Redaction.NONE)).contains("inline_string: key");
    }

    @Test
    void redactsInListsMapsAndExtensions() {
        var keys = TlsSessionTicketKeys.newBuilder().addKeys(inline("one")).addKeys(inline("two"));
        var settings = CheckSettings.newBuilder().putContextExtensions("k", "v");

        assertThat(wrapped(keys.build()))
                .contains("inline_string: \"[redacted]\"")
                .doesNotContain("one")
                .doesNotContain("two");
        assertThat(wrapped(settings.build())).contains("k: \"[redacted]\"");
    }

    private static String wrapped(Message content) {
        return ProtoPrinter.yaml(
                TypedExtensionConfig.newBuilder()
                        .setTypedConfig(Any.pack(content))
                        .build(),
                Redaction.SECRETS);
    }

    private static DataSource inline(String text) {
        return DataSource.newBuilder().setInlineString(text).build();
    }

    private static Struct struct() {
        var inner = Struct.newBuilder()
                .putFields(
                        "m",
                        Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build())
                .putFields("k", text("yes"));
        var list = ListValue.newBuilder()
                .addValues(number(1))
                .addValues(Value.newBuilder()
                        .setListValue(ListValue.newBuilder()
                                .addValues(text("x"))
                                .addValues(Value.newBuilder().setBoolValue(true))))
                .addValues(Value.newBuilder().setStructValue(inner))
                .addValues(Value.newBuilder().setListValue(ListValue.getDefaultInstance()));
        return Struct.newBuilder()
                .putFields("n", number(1.5))
                .putFields("l", Value.newBuilder().setListValue(list).build())
                .build();
    }

    private static Value number(double value) {
        return Value.newBuilder().setNumberValue(value).build();
    }

    private static Value text(String value) {
        return Value.newBuilder().setStringValue(value).build();
    }
}
