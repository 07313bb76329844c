package dev.starling.config.proto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.proto.print.ProtoPrinter;
import dev.starling.config.proto.print.Redaction;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.support.FieldSupport;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {

    private static final Path FOLDER = Path.of("..", "examples");

    static Stream<Path> examples() throws IOException {
        try (var files = Files.list(FOLDER)) {
            // What stands in a folder of its own needs files beside it that no test has.
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readsWithoutAProblem(Path example) throws Exception {
        var checked = read(example, Map.of());

        assertThat(checked.problems().errors()).isEmpty();
        assertThat(checked.problems().warnings()).isEmpty();
        assertThat(checked.message().getStaticResources().getClustersCount()
                        + checked.message().getStaticResources().getListenersCount())
                .isPositive();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void translatesWithoutAProblem(Path example) throws Exception {
        var loaded = LoaderFixture.loader()
                .load(List.of(ConfigText.file(example)), UnknownFields.REJECT, NodeOverrides.NONE);

        assertThat(loaded.warnings()).isEmpty();
        var written = read(example, Map.of()).message().getStaticResources();
        assertThat(loaded.bootstrap().listeners()).hasSize(written.getListenersCount());
        assertThat(loaded.bootstrap().clusters()).hasSize(written.getClustersCount());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void printsAsYamlThatReadsTheSame(Path example) throws Exception {
        var message = read(example, Map.of()).message();
        String yaml = ProtoPrinter.yaml(message, Redaction.NONE);

        var again = new ConfigReader(FieldSupport.builtIn(), Map.of())
                .read(Bootstrap.getDefaultInstance(), List.of(ConfigText.yaml("printed", yaml)), UnknownFields.REJECT);

        assertThat(again.message()).as(yaml).isEqualTo(message);
    }

    @Test
    void letsTheEnvironmentChooseThePortOfTheShortForm() throws Exception {
        var checked = read(FOLDER.resolve("short-form.conf"), Map.of("STARLING_PORT", "10080"));

        assertThat(checked.problems().errors()).isEmpty();
        assertThat(checked.message()
                        .getStaticResources()
                        .getListeners(0)
                        .getAddress()
                        .getSocketAddress()
                        .getPortValue())
                .isEqualTo(10080);
    }

    private static CheckedMessage<Bootstrap> read(Path example, Map<String, String> environment) throws Exception {
        return new ConfigReader(FieldSupport.builtIn(), environment)
                .read(Bootstrap.getDefaultInstance(), List.of(ConfigText.file(example)), UnknownFields.REJECT);
    }
}
