package dev.starling.config.proto.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.SourceLocation;
import dev.starling.config.proto.source.SourceNode.Kind;
import dev.starling.config.proto.source.SourceNode.Null;
import dev.starling.config.proto.source.SourceNode.Scalar;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real Envoy 1.40 made of each of these in {@code node.metadata}, as its config dump showed. */
class YamlScalarTest {

    private static final SourceLocation HERE = new SourceLocation("test", 1, 1);

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "5, 5",
        "-5, -5",
        "+5, 5",
        "0644, 420",
        "010, 8",
        "0x1F, 31",
        "0X1f, 31",
        "2147483647, 2147483647",
        "-2147483648, -2147483648"
    })
    void takesIntegersOf32BitsForNumbers(String text, String value) {
        assertThat(YamlScalar.resolve(text, HERE)).isEqualTo(new Scalar(Kind.NUMBER, value, HERE));
    }

    @ParameterizedTest
    @CsvSource({"3000000000, 3000000000", "0x100000000, 4294967296", "-9223372036854775808, -9223372036854775808"})
    void keepsLargerIntegersAsTheirDigits(String text, String value) {
        assertThat(YamlScalar.resolve(text, HERE)).isEqualTo(new Scalar(Kind.STRING, value, HERE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5",
                "1e3",
                "5.",
                ".inf",
                ".nan",
                "0o644",
                "089",
                "1_000",
                "2001-01-01",
                "9223372036854775808",
                "0x",
                "-",
                "+",
                "yEs",
                "tRUE",
                "nope",
                "nUll",
                "1s",
                "127.0.0.1",
                "--5",
                "+-5"
            })
    void leavesAllElseAsText(String text) {
        assertThat(YamlScalar.resolve(text, HERE)).isEqualTo(new Scalar(Kind.STRING, text, HERE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"})
    void takesManyWordsForTrue(String text) {
        assertThat(YamlScalar.resolve(text, HERE)).isEqualTo(new Scalar(Kind.BOOLEAN, "true", HERE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"})
    void takesManyWordsForFalse(String text) {
        assertThat(YamlScalar.resolve(text, HERE)).isEqualTo(new Scalar(Kind.BOOLEAN, "false", HERE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "null", "Null", "NULL"})
    void takesNothingForNull(String text) {
        assertThat(YamlScalar.resolve(text, HERE)).isEqualTo(new Null(HERE));
    }

    @ParameterizedTest
    @CsvSource({"web, true", "1.5, true", "5, false", "no, false", "null, false", "010, false"})
    void tellsWhichTextNeedsNoQuotes(String text, boolean isString) {
        assertThat(YamlScalar.isString(text)).isEqualTo(isString);
    }
}
