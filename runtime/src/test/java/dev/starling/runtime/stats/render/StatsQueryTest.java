package dev.starling.runtime.stats.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StatsQueryTest {

    @Test
    void refusesWhatEnvoyRefusesInItsWords() {
        assertThat(refusal(Map.of("format", "foo"))).isEqualTo("usage: /stats?format=(json|prometheus|text)\n");
        assertThat(refusal(Map.of("type", "foo"))).isEqualTo("invalid &type= param");
        assertThat(refusal(Map.of("filter", "("))).isEqualTo("Invalid re2 regex: missing closing ): (");
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

    private static String refusal(Map<String, String> parameters) {
        return ((StatsQuery.Parsed.Refused) StatsQuery.parse(parameters::get, false)).message();
    }
}
