package dev.starling.config.proto.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.starling.config.InvalidConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSourceTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": [1, -1.5e3, \"x\", true, null]} | {a: [1, -1.5e3, 'x', true, null]}",
                // Envoy's parser takes these too.
                "{\"a\": [1, 2,],} | {a: [1, 2]}",
                "{'a': 'b'} | {a: 'b'}",
                "{a: \"\\u00e4\"} | {a: 'ä'}",
                "5 | 5",
            })
    void readsWhatIsWritten(String text, String tree) throws Exception {
        assertThat(TreeText.of(JsonSource.parse("a.json", text))).isEqualTo(tree);
    }

    @Test
    void remembersLinesAndColumns() throws Exception {
        var tree = JsonSource.parse("a.json", "{\n \"a\": {\n  \"b\": [\n   1, 2]}}");

        var places = SourceMap.of(List.of(tree));
        assertThat(places.locate("a.b")).hasToString("Optional[a.json:3:3]");
        assertThat(places.locate("a.b[1]")).hasToString("Optional[a.json:4:7]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": 1, \"a\": 2} | a.json:1:10: duplicate key `a`",
                "{} x | a.json:1:4: not JSON: Unrecognized token 'x'",
                "{} {} | a.json:1:4: not JSON: text after the end of the value",
                "{\"a\": | a.json:1:6: not JSON: Unexpected end-of-input",
                "{\"a\": 01} | a.json:1:8: not JSON: Invalid numeric value: Leading zeroes not allowed",
                "// | a.json:1:1: not JSON: Unexpected character ('/'",
            })
    void refusesWithThePlace(String text, String problem) {
        assertThat(refusal(text).problems().getFirst().toString()).startsWith(problem);
    }

    @Test
    void boundsNesting() {
        assertThat(refusal("[".repeat(100_000)))
                .hasMessageContaining("a.json:1")
                .hasMessageContaining("nesting depth");
    }

    private static InvalidConfigException refusal(String text) {
        return catchThrowableOfType(InvalidConfigException.class, () -> JsonSource.parse("a.json", text));
    }
}
