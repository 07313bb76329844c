package dev.starling.runtime.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expectations were read off Envoy 1.40.0, which leaves this to RE2, but for the unsound substitutions. */
class SubstitutionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            emptyValue = "",
            value = {
                "^/re/([^/]+)(/.*)$ \\2/i/\\1 /re/v1/api/z /api/z/i/v1",
                "^/re/([^/]+)(/.*)$ \\2/i/\\1 /re/none /re/none",
                "x* - /rp/axxb -/-r-p-/-a-b-",
                "x* - /rp -/-r-p-",
                "x* - /rpx -/-r-p-",
                "(b+) <\\0\\\\\\1>$1 /r0/abbcb /r0/a<bb\\bb>$1c<b\\b>$1",
                "(?i)/ONE/ /two/ /ri/one/x /ri/two/x",
                "a '' /rb/aca /rb/c",
                "(a)|(b) [\\2] ab [][b]",
            })
    void replacesEveryMatch(String pattern, String substitution, String input, String expected) {
        assertThat(new Substitution(Pattern.compile(pattern), substitution).replaceAll(input))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"(a),\\2", "a,\\1", "a,\\x", "a,b\\"})
    void replacesNothingWhereTheSubstitutionIsUnsound(String pattern, String substitution) {
        assertThat(new Substitution(Pattern.compile(pattern), substitution).replaceAll("banana"))
                .isEqualTo("banana");
    }
}
