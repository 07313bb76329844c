package dev.starling.runtime.stats.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatsQueryTest {

    @Test
    void refusesWhatEnvoyRefusesInItsWords() {
        assertThat(refusal(Map.of("format", "foo"))).isEqualTo("usage: /stats?format=(json|prometheus|text)\n\n");
        assertThat(refusal(Map.of("hidden", "foo"))).isEqualTo("usage: /stats?hidden=(include|only|exclude)\n\n");
        assertThat(refusal(Map.of("type", "foo"))).isEqualTo("invalid &type= param");
        assertThat(refusal(Map.of("filter", "("))).isEqualTo("Invalid re2 regex: missing ): (");
        assertThat(refusal(Map.of("histogram_buckets", "foo")))
                .isEqualTo("usage: /stats?histogram_buckets=(cumulative|disjoint|detailed|summary)\n");
        assertThat(refusal(Map.of("format", "prometheus", "histogram_buckets", "disjoint")))
                .isEqualTo("unsupported prometheus histogram bucket mode");
    }

    @Test
    void takesThePathsWordForPrometheus() {
        StatsQuery.Parsed parsed = StatsQuery.parse(name -> null, true);

        assertThat(parsed).isEqualTo(new StatsQuery.Parsed.Valid(StatsQuery.all(StatsQuery.Format.PROMETHEUS)));
    }

    @Test
    void looksAtParametersInEnvoysOrder() {
        List<String> order = List.of("filter", "histogram_buckets", "type", "hidden", "format");
        for (int i = 0; i < order.size(); i++) {
            Map<String, String> wrong = new HashMap<>();
            order.subList(i, order.size()).forEach(name -> wrong.put(name, "("));

            assertThat(refusal(wrong)).isEqualTo(refusal(Map.of(order.get(i), "(")));
        }
    }

    @Test
    void takesWhatHasNoValueAsAbsent() {
        for (String name : List.of("filter", "histogram_buckets", "type", "hidden", "format")) {
            assertThat(StatsQuery.parse(asked -> asked.equals(name) ? "" : null, false))
                    .as(name)
                    .isEqualTo(new StatsQuery.Parsed.Valid(StatsQuery.all(StatsQuery.Format.TEXT)));
        }
    }

    /** The right column is what Envoy 1.40 answered. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '"',
            value = {
                "( \"missing ): (\"",
                "a(b \"missing ): a(b\"",
                "[ \"missing ]: [\"",
                "* \"no argument for repetition operator: *\"",
                "a** \"bad repetition operator: **\"",
                "a{3000} \"invalid repetition size: {3000}\"",
                "(?Pfoo \"invalid perl operator: (?P\"",
                "[z-a] \"invalid character class range: z-a\"",
                "\\z\\q \"invalid escape sequence: \\q\"",
                "a\\ \"trailing \\\"",
                "x) \"unexpected ): x)\""
            })
    void complainsOfExpressionsAsRe2Does(String expression, String complaint) {
        assertThat(refusal(Map.of("filter", expression))).isEqualTo("Invalid re2 regex: " + complaint);
    }

    private static String refusal(Map<String, String> parameters) {
        return ((StatsQuery.Parsed.Refused) StatsQuery.parse(parameters::get, false)).message();
    }
}
