package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The real Envoy and Starling on one bootstrap: bytes to the client, bytes to the upstream, access log and statistics are
 * the same, but for what {@link KnownDifferences} lists. Left out, with a line that says so, where there is no Envoy.
 */
class SameAsEnvoyIT extends ExchangeComparison {

    SameAsEnvoyIT() {
        super("bootstrap.yaml", false, OptionListeners.all(), KnownDifferences.CASES);
    }

    @Override
    List<ExchangeCase> cases() {
        return Stream.concat(ExchangeCases.all().stream(), super.cases().stream())
                .toList();
    }

    @Order(2)
    @Test
    void countsTheSame() throws IOException {
        proxies.envoy().post("/reset_counters");
        proxies.starling().post("/reset_counters");
        for (ExchangeCase each : ExchangeCases.all()) {
            if (!differs(each)) {
                told(each, proxies.envoy());
                told(each, proxies.starling());
            }
        }
        assertThat(counted(proxies.starling().stats()))
                .isEqualTo(counted(proxies.envoy().stats()));
    }

    private static String counted(Map<String, Long> stats) {
        StringBuilder lines = new StringBuilder();
        stats.forEach((name, value) -> {
            if (KnownDifferences.compares(name)) {
                lines.append(name).append(": ").append(value).append('\n');
            }
        });
        return lines.toString();
    }
}
