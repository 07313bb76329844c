package dev.starling.config.proto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.source.SourceFormat;
import dev.starling.config.proto.support.FieldSupport;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a hand or a generator does to a good configuration, the answer is a list of problems with their places. */
class MutatedBootstrapTest {

    private static final int ROUNDS = 500;

    private static final String[] PIECES = {
        "0",
        "-1",
        "1.5",
        "1e9",
        "true",
        "~",
        "null",
        "\"\"",
        "{}",
        "[]",
        "- ",
        ": ",
        ", ",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "&a ",
        "*a",
        "<<: ",
        "# ",
        "\n",
        "\t",
        "@type",
        "type.googleapis.com/",
        "name",
        "${X}",
        "\\",
        "\u0000",
        "é",
        "x",
        "\"@type\": type.googleapis.com/xds.type.v3.TypedStruct",
        "99999999999999999999",
        "1s",
        "include \"x\""
    };

    /** The example in each format, so that each parser has its turn. */
    enum Example {
        YAML("http-round-robin.yaml", SourceFormat.YAML),
        JSON("tcp-proxy.json", SourceFormat.JSON),
        HOCON("short-form.conf", SourceFormat.HOCON);

        private final String file;
        private final SourceFormat format;

        Example(String file, SourceFormat format) {
            this.file = file;
            this.format = format;
        }
    }

    @ParameterizedTest
    @EnumSource
    void givesProblemsWithPlacesAndNothingElse(Example example) throws Exception {
        String good = Files.readString(Path.of("..", "examples", example.file));
        var reader = new ConfigReader(FieldSupport.builtIn(), Map.of("X", "y"));
        long seed = Long.getLong("seed", 20261121);
        var random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String text = mutated(good, random);
            var problems = problems(reader, ConfigText.of("fuzz", example.format, text));
            refused += problems.isEmpty() ? 0 : 1;
            assertThat(problems)
                    .as("seed %d, round %d:\n%s", seed, round, text)
                    .allSatisfy(problem -> assertThat(problem.location()).isPresent())
                    .allSatisfy(problem -> assertThat(problem.message()).isNotBlank());
        }
        assertThat(refused).as("seed %d", seed).isBetween(ROUNDS / 10, ROUNDS - ROUNDS / 100);
    }

    private static List<Problem> problems(ConfigReader reader, ConfigText text) {
        try {
            return reader.read(Bootstrap.getDefaultInstance(), List.of(text), UnknownFields.REJECT)
                    .problems()
                    .errors();
        } catch (InvalidConfigException e) {
            return e.problems();
        }
    }

    private static String mutated(String good, Random random) {
        var text = new StringBuilder(good);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 2 -> text.replace(at, end, PIECES[random.nextInt(PIECES.length)]);
                case 3 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(200))));
                default -> replaceWord(text, random);
            }
        }
        return text.toString();
    }

    /** Between two spaces, so that the text mostly stays well-formed and later stages get their share. */
    private static void replaceWord(StringBuilder text, Random random) {
        int start = text.indexOf(" ", random.nextInt(text.length())) + 1;
        int end = text.indexOf("\n", start);
        int space = text.indexOf(" ", start);
        if (start > 0 && end > start) {
            text.replace(start, space > start ? Math.min(space, end) : end, PIECES[random.nextInt(PIECES.length)]);
        }
    }
}
