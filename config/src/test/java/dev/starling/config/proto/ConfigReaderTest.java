package dev.starling.config.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.source.SourceFormat;
import dev.starling.config.proto.support.FieldSupport;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigReaderTest {

    private final ConfigReader reader = new ConfigReader(FieldSupport.builtIn(), Map.of());

    @Test
    void takesEnvoysQuickStartWhoseTransportSocketIsRefusedOnlyWhereItIsLookedUp() throws Exception {
        var checked = read(resource("envoy-quick-start.yaml"));

        assertThat(checked.problems().errors()).isEmpty();
        assertThat(checked.message().getStaticResources().getListeners(0).getName())
                .isEqualTo("listener_0");
    }

    @Test
    void takesTheStaticExampleOfEnvoysDocumentation() throws Exception {
        var problems = read(resource("envoy-static-example.yaml")).problems();

        assertThat(problems.errors()).isEmpty();
        assertThat(problems.warnings()).isEmpty();
    }

    @Test
    void readsTextAndBinaryProtobufToo() throws Exception {
        var text = ConfigText.of("a.pb_text", SourceFormat.TEXT_PROTO, "node { id: \"a\" } overload_manager {}");
        var yaml = ConfigText.yaml("b.yaml", "node: {cluster: b}");

        var checked = reader.read(Bootstrap.getDefaultInstance(), List.of(text, yaml), UnknownFields.REJECT);
        assertThat(checked.message().getNode().getId()).isEqualTo("a");
        assertThat(checked.message().getNode().getCluster()).isEqualTo("b");
        assertThat(checked.problems().errors()).extracting(Problem::path).contains("overload_manager");

        var binary = new ConfigText(
                "a.pb", SourceFormat.BINARY_PROTO, checked.message().toByteString());
        assertThat(reader.read(Bootstrap.getDefaultInstance(), List.of(binary), UnknownFields.REJECT)
                        .message())
                .isEqualTo(checked.message());
    }

    @Test
    void checksMessagesThatCameFromNoText() {
        var cluster = Cluster.newBuilder().setAltStatName("x").build();

        var problems = reader.check(cluster, UnknownFields.WARN).problems();

        assertThat(problems.errors()).extracting(Problem::toString).containsExactly("name: must not be empty");
    }

    @Test
    void tellsEveryProblemAtOnceWithItsPlace() throws Exception {
        var checked = read("""
                static_resources:
                  clusters:
                  - name: ""
                    connect_timeout: soon
                    typo: 1
                  listeners:
                  - addres: {}
                """);

        assertThat(checked.problems().errors())
                .extracting(Problem::toString)
                .containsExactly(
                        "quick-start.yaml:3:5: static_resources.clusters[0].name: must not be empty",
                        "quick-start.yaml:4:5: static_resources.clusters[0].connect_timeout: expected a duration such as"
                                + " `1.5s` but found `soon`",
                        "quick-start.yaml:5:5: static_resources.clusters[0].typo: unknown field `typo` in"
                                + " envoy.config.cluster.v3.Cluster, did you mean `type`?",
                        "quick-start.yaml:7:5: static_resources.listeners[0].addres: unknown field `addres` in"
                                + " envoy.config.listener.v3.Listener, did you mean `address`?");
    }

    @Test
    void mergesALaterTextOverAnEarlierOne() throws Exception {
        var file = ConfigText.of("a.json", SourceFormat.JSON, """
                {"node": {"id": "a", "cluster": "c"}, "static_resources": {"clusters": [{"name": "one"}]}}""");
        var yaml = ConfigText.yaml("--config-yaml", """
                node: {id: b}
                static_resources: {clusters: [{name: two}, {name: 3}]}""");

        var checked = reader.read(Bootstrap.getDefaultInstance(), List.of(file, yaml), UnknownFields.REJECT);

        assertThat(checked.message().getNode().getId()).isEqualTo("b");
        assertThat(checked.message().getNode().getCluster()).isEqualTo("c");
        assertThat(checked.message().getStaticResources().getClustersList())
                .extracting(cluster -> cluster.getName())
                .containsExactly("one", "two", "");
        assertThat(checked.problems().errors())
                .extracting(Problem::toString)
                .containsExactly("--config-yaml:2:45: static_resources.clusters[2].name: expected a string but found a"
                        + " number: put it in quotes");
    }

    @Test
    void stopsAtTextThatIsNotWellFormed() {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> read("a: [1\nb: }"))
                .satisfies(e -> assertThat(e.problems())
                        .singleElement()
                        .satisfies(problem -> assertThat(
                                        problem.location().orElseThrow().line())
                                .isEqualTo(2)));
    }

    private CheckedMessage<Bootstrap> read(String yaml) throws InvalidConfigException {
        return reader.read(
                Bootstrap.getDefaultInstance(),
                List.of(ConfigText.yaml("quick-start.yaml", yaml)),
                UnknownFields.REJECT);
    }

    private static String resource(String name) throws IOException {
        try (var stream = ConfigReaderTest.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
