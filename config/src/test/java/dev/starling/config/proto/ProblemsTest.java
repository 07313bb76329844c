package dev.starling.config.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.source.SourceMap;
import dev.starling.config.proto.source.SourceNode;
import dev.starling.config.proto.source.SourceReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProblemsTest {

    private final Problems problems = new Problems(SourceMap.NONE);

    @Test
    void keepsTheFirstErrorOfAPlace() {
        problems.error("a.b", "first");
        problems.error("a.b", "second");

        assertThat(texts()).containsExactly("a.b: first");
    }

    @Test
    void leavesOutWhatAnEarlierErrorExplains() {
        problems.error("a.b[1].c", "wrong");
        problems.errorUnlessExplained(FieldPath.ROOT.field("a"), "is required");
        problems.errorUnlessExplained(FieldPath.ROOT.field("a").field("b"), "needs an entry");
        problems.errorUnlessExplained(FieldPath.ROOT.field("a").field("bb"), "is required");
        problems.errorUnlessExplained(FieldPath.ROOT.field("a").field("b", 1).field("d"), "is required");

        assertThat(texts()).containsExactly("a.b[1].c: wrong", "a.bb: is required", "a.b[1].d: is required");
    }

    @Test
    void leavesOutWhatIsInAPlaceholder() {
        var element = FieldPath.ROOT.field("a", 1);
        problems.error(element, "null in a list");
        problems.placeholder(element);
        problems.errorUnlessExplained(element.field("name"), "must not be empty");
        problems.errorUnlessExplained(FieldPath.ROOT.field("a", 2).field("name"), "must not be empty");

        assertThat(texts()).containsExactly("a[1]: null in a list", "a[2].name: must not be empty");
    }

    @Test
    void ordersByPlaceWithinEachText() throws Exception {
        var located = new Problems(
                SourceMap.of(List.of(tree("a.yaml", "x: 1\ny: 2\nlist: [1]"), tree("b.yaml", "list: [2]\nz: 3"))));
        located.error("z", "b2");
        located.error("y", "a2");
        located.error("list[1]", "b1");
        located.error("x", "a1");

        assertThat(located.errors()).extracting(Problem::message).containsExactly("b1", "b2", "a1", "a2");
    }

    @Test
    void boundsHowManyAreKept() {
        for (int i = 0; i < 600; i++) {
            problems.error("a[" + i + "]", "wrong");
        }

        assertThat(problems.isFull()).isTrue();
        assertThat(texts()).hasSize(501).last().isEqualTo("more than 500 problems; the rest is not shown");
    }

    @Test
    void throwsAllOfThemIfThereAreAny() throws Exception {
        problems.throwIfAny();
        problems.error("a", "wrong");

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(problems::throwIfAny)
                .withMessage("a: wrong");
        assertThat(problems.hasErrorsAtOrBelow(FieldPath.ROOT)).isTrue();
        assertThat(problems.hasErrorsAtOrBelow(FieldPath.ROOT.field("b"))).isFalse();
    }

    @Test
    void printsPathsInEnvoysSpelling() {
        var path = FieldPath.ROOT.field("a").field("b", 3).entry("c", "d.\"e\\").field("f");

        assertThat(path).hasToString("a.b[3].c[\"d.\\\"e\\\\\"].f");
        assertThat(FieldPath.ROOT.written("a").written("b[c].d").written("@e")).hasToString("a[\"b[c].d\"].@e");
        assertThat(path.depth()).isEqualTo(4);
        assertThat(FieldPath.ROOT).hasToString("");
    }

    private List<String> texts() {
        return problems.errors().stream().map(Problem::toString).toList();
    }

    private static SourceNode tree(String name, String yaml) throws InvalidConfigException {
        return SourceReader.read(ConfigText.yaml(name, yaml), Map.of());
    }
}
