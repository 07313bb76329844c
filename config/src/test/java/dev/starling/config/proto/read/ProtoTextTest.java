package dev.starling.config.proto.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.source.SourceFormat;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import org.junit.jupiter.api.Test;

class ProtoTextTest {

    @Test
    void readsTheTextFormat() throws Exception {
        var text = ConfigText.of("a.pb_text", SourceFormat.TEXT_PROTO, """
                name: "r"
                typed_config { [type.googleapis.com/envoy.extensions.filters.http.router.v3.Router] {
                  suppress_envoy_headers: true } }
                """);

        var message = (TypedExtensionConfig) ProtoText.readText(text, TypedExtensionConfig.getDefaultInstance());

        assertThat(message.getName()).isEqualTo("r");
        assertThat(message.getTypedConfig().unpack(Router.class).getSuppressEnvoyHeaders())
                .isTrue();
    }

    @Test
    void tellsWhereTextIsNotOfTheFormat() {
        var text = ConfigText.of("a.pb_text", SourceFormat.TEXT_PROTO, "node {\n  idd: 5\n}");

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> ProtoText.readText(text, Bootstrap.getDefaultInstance()))
                .withMessageStartingWith("a.pb_text:2:")
                .withMessageContaining("not text protobuf: ");
    }

    @Test
    void readsTheWireFormat() throws Exception {
        var cluster = Cluster.newBuilder().setName("a").build();
        var bytes = new ConfigText("a.pb", SourceFormat.BINARY_PROTO, cluster.toByteString());

        assertThat(ProtoText.readBinary(bytes, Cluster.getDefaultInstance())).isEqualTo(cluster);
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> ProtoText.readBinary(
                        new ConfigText("a.pb", SourceFormat.BINARY_PROTO, ByteString.copyFromUtf8("zzz")),
                        Cluster.getDefaultInstance()))
                .withMessageStartingWith("a.pb:1: not binary protobuf: ");
    }
}
