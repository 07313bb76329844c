package dev.starling.config.proto.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.starling.config.proto.TypedConfig;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnyReaderTest {

    private static final String ROUTER = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'@type': " + ROUTER + ", suppress_envoy_headers: true}",
                "{suppressEnvoyHeaders: true, '@type': other.host/any/envoy.extensions.filters.http.router.v3.Router}",
                "{'@type': type.googleapis.com/xds.type.v3.TypedStruct, type_url: " + ROUTER
                        + ", value: {suppress_envoy_headers: true}}",
                "{'@type': type.googleapis.com/udpa.type.v1.TypedStruct, typeUrl: " + ROUTER
                        + ", value: {suppress_envoy_headers: true}}",
            })
    void packsTheMessageThatIsMeant(String any) throws Exception {
        var read = ReadText.of(TypedExtensionConfig.getDefaultInstance(), "typed_config: " + any);

        assertThat(read.errors()).isEmpty();
        assertThat(read.message().getTypedConfig())
                .isEqualTo(Any.pack(
                        Router.newBuilder().setSuppressEnvoyHeaders(true).build()));
    }

    @Test
    void readsGooglesOwnTypesFromTheirValue() throws Exception {
        var read = ReadText.of(
                TypedExtensionConfig.getDefaultInstance(),
                "typed_config: {'@type': type.googleapis.com/google.protobuf.Duration, value: 1.5s}");

        assertThat(read.errors()).isEmpty();
        assertThat(read.message().getTypedConfig().unpack(Duration.class))
                .isEqualTo(Duration.newBuilder()
                        .setSeconds(1)
                        .setNanos(500_000_000)
                        .build());
    }

    @Test
    void keepsATypedStructOfAForeignType() throws Exception {
        var read = ReadText.of(TypedExtensionConfig.getDefaultInstance(), """
                typed_config:
                  "@type": type.googleapis.com/xds.type.v3.TypedStruct
                  type_url: type.googleapis.com/acme.Plugin
                  value: {a: b}
                """);

        assertThat(read.errors()).isEmpty();
        assertThat(TypedConfig.typeName(read.message().getTypedConfig())).isEqualTo("acme.Plugin");
        assertThat(read.message().getTypedConfig().unpack(TypedStruct.class).getValue())
                .isEqualTo(struct("b"));
    }

    @Test
    void opensATypedStructThatCameReadyMade() {
        var wrapped = Any.pack(TypedStruct.newBuilder()
                .setTypeUrl(ROUTER)
                .setValue(Struct.newBuilder()
                        .putFields(
                                "suppress_envoy_headers",
                                Value.newBuilder().setBoolValue(true).build()))
                .build());

        assertThat(TypedConfig.typeName(wrapped)).isEqualTo("envoy.extensions.filters.http.router.v3.Router");
        assertThat(TypedConfig.unpack(wrapped))
                .contains(Router.newBuilder().setSuppressEnvoyHeaders(true).build());
    }

    @Test
    void takesAnEmptyObjectForNoConfiguration() throws Exception {
        var read = ReadText.of(TypedExtensionConfig.getDefaultInstance(), "typed_config: {}");

        assertThat(read.errors()).isEmpty();
        assertThat(read.message().getTypedConfig()).isEqualTo(Any.getDefaultInstance());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{a: 1} | 1:1: typed_config: `@type` is missing",
                "5 | 1:1: typed_config: expected an object with `@type` but found a number",
                "{'@type': 5} | 1:16: typed_config.@type: expected a string but found a number",
                "{'@type': a.B} | 1:16: typed_config.@type: must be a type URL such as `type.googleapis.com/a.B`",
                "{'@type': x/envoy.Missing} | 1:16: typed_config.@type: unknown type `envoy.Missing`",
                "{'@type': x/java.lang.String} | 1:16: typed_config.@type: unknown type `java.lang.String`",
                "{'@type': x/envoy.api.v2.Cluster} | 1:16: typed_config.@type: type `envoy.api.v2.Cluster` is of the retired"
                        + " v2 API",
                "{'@type': x/envoy.config.filter.http.gzip.v2.Gzip} | 1:16: typed_config.@type: type"
                        + " `envoy.config.filter.http.gzip.v2.Gzip` is of the retired v2 API",
                "{'@type': x/envoy.extensions.filters.http.router.v3.Router, y: 1} | 1:75: typed_config.y: unknown field"
                        + " `y` in envoy.extensions.filters.http.router.v3.Router",
                "{'@type': x/xds.type.v3.TypedStruct, value: {}} | 1:1: typed_config: a TypedStruct needs a `type_url`",
                "{'@type': x/xds.type.v3.TypedStruct, type_url: x/envoy.extensions.filters.http.router.v3.Router,"
                        + " value: {y: 1}} | 1:120: typed_config.y: unknown field `y` in"
                        + " envoy.extensions.filters.http.router.v3.Router",
            })
    void tellsWhatIsWrongAndWhere(String any, String problem) throws Exception {
        var read = ReadText.of(TypedExtensionConfig.getDefaultInstance(), "typed_config: " + any);

        assertThat(read.errors()).containsExactly("a.yaml:" + problem);
    }

    private static Struct struct(String value) {
        return Struct.newBuilder()
                .putFields("a", Value.newBuilder().setStringValue(value).build())
                .build();
    }
}
