package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ExamplesIT {

    @TempDir
    Path folder;

    static Stream<Path> examples() throws IOException {
        try (var files = Files.list(Path.of("..", "examples"))) {
            return files
                    .filter(Files::isRegularFile) // a folder's files need others beside them
                    .map(file -> file.toAbsolutePath().normalize())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isValid(Path example) throws Exception {
        try (var starling = StarlingProcess.run(folder, List.of(), "--mode", "validate", "-c", example.toString())) {
            assertThat(starling.exit()).as(starling.err()).isZero();
            assertThat(starling.out()).contains("OK");
        }
    }
}
