package dev.starling.config.matcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RegexCompilerTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "(a{1,1000}){1,1000} {1,1000}",
                "((a{100}){100}){100} {100}",
                "(((((a{10}){10}){10}){10}){10}){10} {10}",
                "(?:a{40}|b){26} {26}",
                "(a{2,}){501,} {501,}",
                "(\\(a{100}[)]{11}){100} {100}",
                "([[:alpha:])]{100}){100} {100}",
                "a{1001} {1001}",
                "a{1,99999999999} {1,99999999999}"
            })
    void refusesWhatRepeatsMoreThanAThousandTimes(String expression, String offender) {
        assertThatThrownBy(() -> RegexCompiler.compile(expression))
                .isInstanceOf(PatternSyntaxException.class)
                .hasMessageContaining("invalid repeat count")
                .hasMessageContaining("`" + offender + "`");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a{1000}",
                "(a{10}){100}",
                "(a{100}b){10}(c{100}d){10}",
                "a{1000}b{1000}",
                "[{]{2}",
                "[]a{1000}]{1000}",
                "[^]{1000}]{1000}",
                "(\\{1000}){1000}",
                "\\Q(a{1000}\\E{1000}",
                "(a{,1000}){1000}",
                "\\pL{1000}",
                "([^\\]]{10}){100}"
            })
    void compilesWhatRe2Compiles(String expression) {
        assertThat(RegexCompiler.compile(expression).pattern()).isEqualTo(expression);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "\\", "a)", "a{1001", "a{x}{2}{3}", "[[:", "\\Q", "{", "(?P<n"})
    void leavesWhatIsNoExpressionToTheCompiler(String expression) {
        try {
            assertThat(RegexCompiler.compile(expression).pattern()).isEqualTo(expression);
        } catch (PatternSyntaxException e) {
            assertThat(e.getDescription()).doesNotContain("invalid repeat count");
        }
    }

    @Test
    void refusesGroupsThatNestTooDeeply() {
        assertThat(RegexCompiler.compile("(".repeat(1000) + ")".repeat(1000)).groupCount())
                .isEqualTo(1000);

        assertThatThrownBy(() -> RegexCompiler.compile("(".repeat(1001) + ")".repeat(1001)))
                .isInstanceOf(PatternSyntaxException.class)
                .hasMessageContaining("expression nests too deeply");
    }

    @Test
    void refusesManyRepetitionsBesideEachOther() {
        assertThatThrownBy(() -> RegexCompiler.compile("a{1000}".repeat(101)))
                .isInstanceOf(PatternSyntaxException.class)
                .hasMessageContaining("pattern too large");
    }
}
