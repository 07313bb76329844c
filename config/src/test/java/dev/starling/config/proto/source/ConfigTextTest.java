package dev.starling.config.proto.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.starling.config.InvalidConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTextTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "a.yaml, YAML",
        "a.YML, YAML",
        "a.json, JSON",
        "a.conf, HOCON",
        "a.hocon, HOCON",
        "a.pb_text, TEXT_PROTO",
        "a.pb, BINARY_PROTO"
    })
    void takesTheFormatFromTheExtension(String name, SourceFormat format) throws Exception {
        assertThat(ConfigText.file(Files.writeString(folder.resolve(name), "x")).format())
                .isEqualTo(format);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": 1} | JSON",
                "  { | JSON",
                "a: 1 | YAML",
                "# comment | YAML",
                "- x | YAML",
                "starling { | HOCON",
                "starling | HOCON",
                "a.b = 1 | HOCON",
                "a += 1 | HOCON",
                "// comment | HOCON",
                "include \"x\" | HOCON",
                "a: b = c | YAML",
            })
    void sniffsTheFormatWhereTheNameTellsNothing(String text, SourceFormat format) throws Exception {
        var file = Files.writeString(folder.resolve("config"), "\n# first\n" + text + "\n");

        assertThat(ConfigText.file(file).format()).isEqualTo(format);
    }

    @Test
    void tellsWhyAFileCannotBeRead() {
        var missing = folder.resolve("missing.yaml");

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> ConfigText.file(missing))
                .withMessage("configuration file " + missing + " does not exist");
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> ConfigText.file(folder))
                .withMessage("configuration file " + folder + " is a directory");
    }

    @Test
    void takesUtf8OnlyWithOrWithoutAMark() throws Exception {
        var marked = ConfigText.of("a.yaml", SourceFormat.YAML, "\uFEFFa: 1");
        assertThat(TreeText.of(SourceReader.read(marked, Map.of()))).isEqualTo("{a: 1}");

        var latin = new ConfigText("a.yaml", SourceFormat.YAML, ByteString.copyFrom(new byte[] {'a', (byte) 0xE4}));
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> SourceReader.read(latin, Map.of()))
                .withMessage("a.yaml:1: is not UTF-8 text");
    }
}
