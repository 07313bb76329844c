package dev.starling.config.proto.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.starling.config.FractionalPercent;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.bootstrap.RuntimeLayer;
import dev.starling.config.bootstrap.RuntimeValue;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.proto.EncodedMessage;
import dev.starling.config.proto.LoaderFixture;
import dev.starling.config.proto.UnknownFields;
import io.envoyproxy.envoy.service.runtime.v3.Runtime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuntimeReaderTest {

    private static List<RuntimeLayer> layers(String yaml) throws InvalidConfigException {
        return LoaderFixture.load("node: {id: i, cluster: us}\nlayered_runtime: {layers: [" + yaml + "]}\n")
                .bootstrap()
                .runtime();
    }

    private static Map<String, RuntimeValue> values(String struct) throws InvalidConfigException {
        return ((RuntimeLayer.Static)
                        layers("{name: a, static_layer: " + struct + "}").getFirst())
                .values();
    }

    private static RuntimeValue value(String written) throws InvalidConfigException {
        return Objects.requireNonNull(values("{k: " + written + "}").get("k"));
    }

    @Test
    void layersAreWhereverTheyAreFrom() throws Exception {
        assertThat(layers("""
                {name: a, static_layer: {x: 1}},
                {name: b, disk_layer: {symlink_root: /srv/runtime/current, subdirectory: envoy}},
                {name: c, disk_layer: {symlink_root: /srv/runtime/current, subdirectory: over, append_service_cluster: true}},
                {name: d, rtds_layer: {name: r, rtds_config: {path_config_source: {path: /dev/null}}}},
                {name: e, admin_layer: {}}
                """))
                .containsExactly(
                        new RuntimeLayer.Static("a", Map.of("x", RuntimeValue.number(1, "1"))),
                        new RuntimeLayer.Disk("b", "/srv/runtime/current", "/srv/runtime/current/envoy"),
                        new RuntimeLayer.Disk("c", "/srv/runtime/current", "/srv/runtime/current/over/us"),
                        new RuntimeLayer.Discovered(
                                "d", "r", new ConfigSource.File("/dev/null", Optional.empty(), Duration.ofSeconds(15))),
                        new RuntimeLayer.Admin("e"));
    }

    @Test
    void withoutLayersThereIsOneToWriteTo() throws Exception {
        assertThat(LoaderFixture.load("layered_runtime: {}").bootstrap().runtime())
                .containsExactly(new RuntimeLayer.Admin(""));
        assertThat(LoaderFixture.load("{}").bootstrap().runtime()).isEmpty();
    }

    @Test
    void structsArePrefixesUnlessTheyAreFractions() throws Exception {
        assertThat(
                        values(
                                "{a: {b: 1, c: {d: true}}, x: low, f: {numerator: 3, denominator: MILLION}, g: {numerator: 4}}"))
                .containsOnlyKeys("a.b", "a.c.d", "x", "f", "g")
                .containsEntry("a.b", RuntimeValue.number(1, "1"))
                .containsEntry("a.c.d", RuntimeValue.truth(true, "true"))
                .containsEntry("x", RuntimeValue.text("low"))
                .hasEntrySatisfying(
                        "f", value -> assertThat(value.share()).contains(new FractionalPercent(3, 1_000_000, "")))
                .hasEntrySatisfying(
                        "g", value -> assertThat(value.share()).contains(new FractionalPercent(4, 100, "")));
    }

    /** As a real Envoy has shown them. */
    @ParameterizedTest
    @CsvSource({
        "5, 5",
        "1.5, 1.5",
        "1000000, 1e+06",
        "1234567, 1.23457e+06",
        "12345678901, 12345678901",
        "0.00001, 0.00001",
        "-4, -4",
        "0, 0",
        "hello, hello",
        "'\"17\"', 17",
        "false, false"
    })
    void valuesAreShownAsEnvoyShowsThem(String written, String shown) throws Exception {
        assertThat(value(written).text()).isEqualTo(shown);
    }

    @Test
    void aTextThatIsANumberCountsAsOne() throws Exception {
        assertThat(value("\"17\"").whole()).isEqualTo(17);
        assertThat(value("low").isWhole()).isFalse();
        assertThat(value("-4").isWhole()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: a, static_layer: {a: 1}}, {name: a, admin_layer: {}} | layers[1].name: Duplicate layer name: a",
                "{name: a, admin_layer: {}}, {name: b, admin_layer: {}} | layers[1]: Too many admin layers specified",
                "{name: a, static_layer: {b: {a: [1]}}} | layers[0].static_layer.b.a: Invalid runtime entry value for b.a",
                "{name: a, static_layer: {a: null}} | layers[0].static_layer.a: Invalid runtime entry value for a",
                "{name: a, disk_layer: {}} | layers[0].disk_layer.symlink_root: invalid file path",
                "{name: a, rtds_layer: {name: x, rtds_config: {ads: {}}}} | rtds_layer.rtds_config.ads: needs dynamic_",
                "{name: a} | layers[0]: one of",
            })
    void refusesWhatIsNoLayer(String layers, String problem) {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> layers(layers))
                .withMessageContaining(problem);
    }

    @Test
    void readsALayerOfAControlPlane() throws Exception {
        var message = Runtime.newBuilder()
                .setName("r")
                .setLayer(Struct.newBuilder()
                        .putFields(
                                "n",
                                Value.newBuilder().setNumberValue(12345678901.0).build()))
                .build();

        assertThat(LoaderFixture.loader()
                        .readRuntime(EncodedMessage.of(message), UnknownFields.REJECT)
                        .resource()
                        .values())
                .containsExactly(Map.entry("n", RuntimeValue.number(12345678901.0, "1.23457e+10")));
    }

    @Test
    void refusesALayerOfAControlPlaneWithAList() {
        var message = Runtime.newBuilder()
                .setName("r")
                .setLayer(Struct.newBuilder()
                        .putFields(
                                "n",
                                Value.newBuilder()
                                        .setListValue(ListValue.getDefaultInstance())
                                        .build()))
                .build();

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> LoaderFixture.loader().readRuntime(EncodedMessage.of(message), UnknownFields.REJECT))
                .withMessage("layer.n: Invalid runtime entry value for n");
    }

    @Test
    void readsASingleValueFromItsText() throws Exception {
        var loader = LoaderFixture.loader();

        assertThat(loader.readRuntimeValue("0.25")).isEqualTo(RuntimeValue.number(0.25, "0.25"));
        assertThat(loader.readRuntimeValue("true")).isEqualTo(RuntimeValue.truth(true, "true"));
        assertThat(loader.readRuntimeValue("some text")).isEqualTo(RuntimeValue.text("some text"));
        assertThat(loader.readRuntimeValue("")).isEqualTo(RuntimeValue.text(""));
        assertThat(loader.readRuntimeValue("{numerator: 5, denominator: MILLION}")
                        .share())
                .contains(new FractionalPercent(5, 1_000_000, ""));
        assertThat(loader.readRuntimeValue("numerator: 5\ndenominator: TEN_THOUSAND")
                        .share())
                .contains(new FractionalPercent(5, 10_000, ""));
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> loader.readRuntimeValue("{unclosed"))
                .withMessageContaining("not YAML");
    }
}
