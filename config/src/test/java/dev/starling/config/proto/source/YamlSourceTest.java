package dev.starling.config.proto.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlSourceTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a: 1 | {a: 1}",
                "{a: [1, x, true, ~]} | {a: [1, 'x', true, null]}",
                "a: \"5\" | {a: '5'}",
                "a: 'true' | {a: 'true'}",
                "a: ! 7 | {a: '7'}",
                "a: !!str 7 | {a: '7'}",
                "a: !!int \"7\" | {a: 7}",
                "a: !other 7 | {a: 7}",
                "5: x | {5: 'x'}",
                "on: x | {on: 'x'}",
                "a: | {a: null}",
                "--- {a: 1} | {a: 1}",
            })
    void readsWhatIsWritten(String text, String tree) throws Exception {
        assertThat(TreeText.of(YamlSource.parse("a.yaml", text))).isEqualTo(tree);
    }

    @Test
    void readsBlockScalarsAsStrings() throws Exception {
        var tree = YamlSource.parse("a.yaml", """
                literal: |
                  5
                folded: >-
                  true
                """);

        assertThat(TreeText.of(tree)).isEqualTo("{literal: '5\n', folded: 'true'}");
    }

    @Test
    void takesAnEmptyTextForNull() throws Exception {
        assertThat(TreeText.of(YamlSource.parse("a.yaml", "# nothing\n"))).isEqualTo("null");
    }

    @Test
    void repeatsAnchorsWhereTheirAliasesStand() throws Exception {
        var tree = YamlSource.parse("a.yaml", """
                - &a {x: &n 1}
                - *a
                - *n
                - {&k key: *k}
                """);

        assertThat(TreeText.of(tree)).isEqualTo("[{x: 1}, {x: 1}, 1, {key: 'key'}]");
    }

    @Test
    void mergesBelowWhatTheObjectSaysItself() throws Exception {
        var tree = YamlSource.parse("a.yaml", """
                one: &one {a: 1, b: 1}
                two: &two {b: 2, c: 2}
                both: {<<: [*one, *two], a: 0}
                single: {a: 0, <<: *two}
                quoted: {"<<": 1}
                """);

        assertThat(TreeText.of(tree)).endsWith("""
                both: {a: 0, b: 1, c: 2}, single: {a: 0, b: 2, c: 2}, quoted: {<<: 1}}""");
    }

    @Test
    void remembersLinesAndColumns() throws Exception {
        var tree = YamlSource.parse("a.yaml", """
                first: 1
                second:
                  - third: x
                """);

        assertThat(SourceMap.of(List.of(tree)).locate("second[0].third")).hasToString("Optional[a.yaml:3:5]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{a: 1, b: 2, a: 3} | a.yaml:1:14: duplicate key `a`",
                "{a: &x {b: *x}} | a.yaml:1:12: no anchor &x is complete before here",
                "{a: *x} | a.yaml:1:5: no anchor &x is complete before here",
                "{[1]: 2} | a.yaml:1:2: a key must be a scalar",
                "{<<: 1} | a.yaml:1:6: `<<` takes an object or a list of objects",
                "a: [1 | a.yaml:1:6: not YAML: expected ',' or ']', but got <stream end>",
                "a: b: c | a.yaml:1:5: not YAML: mapping values are not allowed here",
            })
    void refusesWithThePlace(String text, String problem) {
        assertThat(refusal(text).problems()).extracting(Problem::toString).containsExactly(problem);
    }

    @Test
    void tellsEveryDuplicateKey() {
        assertThat(refusal("{a: 1, a: 2, b: {c: 1, c: 2}}").problems()).hasSize(2);
    }

    @Test
    void refusesASecondDocumentUnlessItIsEmpty() throws Exception {
        assertThat(TreeText.of(YamlSource.parse("a.yaml", "a: 1\n---\n"))).isEqualTo("{a: 1}");
        assertThat(refusal("a: 1\n---\nb: 2\n")).hasMessage("a.yaml:3:1: a second YAML document; only one is read");
    }

    @Test
    @Timeout(20)
    void readsLongTokensAndCommentsInNoTime() throws Exception {
        String megabytes = "x".repeat(6_000_000);

        assertThat(TreeText.of(YamlSource.parse("a.yaml", "# " + megabytes + "\na: \"" + megabytes + "\"\n")))
                .hasSizeGreaterThan(6_000_000);
    }

    @Test
    void boundsNesting() {
        assertThat(refusal("[".repeat(100_000))).hasMessage("a.yaml:1:101: nested deeper than 100");
    }

    @Test
    void boundsWhatAliasesExpandTo() {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [".formatted(i, i))
                    .append("*a%d, ".formatted(i - 1).repeat(10))
                    .append("]\n");
        }

        assertThat(refusal(bomb.toString())).hasMessageContaining("more than 4000000 values, aliases expanded");
    }

    private static InvalidConfigException refusal(String text) {
        return catchThrowableOfType(InvalidConfigException.class, () -> YamlSource.parse("a.yaml", text));
    }
}
