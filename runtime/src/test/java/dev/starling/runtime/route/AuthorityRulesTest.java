package dev.starling.runtime.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.PathHandling;
import dev.starling.config.http.PathHandling.EscapedSlashes;
import dev.starling.config.http.PathHandling.StripPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expectations were read off Envoy 1.40.0. */
class AuthorityRulesTest {

    private static final int LISTENER_PORT = 8080;

    private static String apply(StripPort stripPort, boolean stripDot, String authority) {
        return new AuthorityRules(new PathHandling(false, false, EscapedSlashes.KEEP_UNCHANGED, stripPort, stripDot))
                .apply(authority, LISTENER_PORT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            nullValues = "-",
            emptyValue = "",
            value = {
                "a.com a.com a.com a.com a.com",
                "a.com:8080 a.com a.com a.com:8080 a.com",
                "a.com:80 a.com:80 a.com a.com:80 a.com",
                "a.com: a.com: a.com: a.com: a.com:",
                "a.com:x a.com:x a.com:x a.com:x a.com:x",
                "a.com:99999 a.com:99999 a.com a.com:99999 a.com",
                "a.com:99999999999 a.com:99999999999 a.com:99999999999 a.com:99999999999 a.com:99999999999",
                "a.com. a.com. a.com. a.com a.com",
                "a.com.:80 a.com.:80 a.com. a.com:80 a.com",
                "a.com.. a.com.. a.com.. a.com. a.com.",
                "[::1]:80 [::1]:80 [::1] [::1]:80 [::1]",
                "[::1] [::1] [::1] [::1] [::1]",
                "[::1]:8080 [::1] [::1] [::1]:8080 [::1]",
                "a.b:080 a.b:080 a.b a.b:080 a.b",
                "1.2.3.4. 1.2.3.4. 1.2.3.4. 1.2.3.4 1.2.3.4",
                "a.com.: a.com.: a.com.: a.com: a.com:",
                "a.com:80. a.com:80. a.com:80. a.com:80 a.com",
            })
    void stripsAsEnvoy(String authority, String matching, String any, String dot, String dotAndAny) {
        assertThat(apply(StripPort.MATCHING, false, authority)).isEqualTo(matching);
        assertThat(apply(StripPort.ANY, false, authority)).isEqualTo(any);
        assertThat(apply(StripPort.NONE, true, authority)).isEqualTo(dot);
        assertThat(apply(StripPort.ANY, true, authority)).isEqualTo(dotAndAny);
    }

    @Test
    void mayLeaveNothing() {
        assertThat(apply(StripPort.ANY, false, ":80")).isEmpty();
        assertThat(apply(StripPort.NONE, true, ".")).isEmpty();
    }

    @Test
    void returnsTheSameStringWhereNothingChanges() {
        String authority = new String("a.com:80");

        assertThat(apply(StripPort.NONE, false, authority)).isSameAs(authority);
        assertThat(apply(StripPort.MATCHING, true, authority)).isSameAs(authority);
    }
}
