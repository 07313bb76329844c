package dev.starling.runtime.stats.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.StatsStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Values that were sent to a real Envoy, and what it printed: digit by digit. */
class EnvoyHistogramsTest {

    private final StatsStore store = new StatsStore(2);
    private final Histogram histogram = store.scope("").histogram("h", Histogram.Unit.BYTES);

    @Test
    void printsWhatEnvoyPrintsForTheSameValues() throws IOException {
        Iterator<String> lines = lines().iterator();
        int sets = 0;
        while (lines.hasNext()) {
            String values = after("values", lines.next());
            String summary = after("summary", lines.next());
            String buckets = after("buckets", lines.next());
            String sum = after("sum", lines.next());

            EnvoyHistogramsTest fresh = new EnvoyHistogramsTest();
            fresh.record(values.substring(0, values.indexOf('|')));
            fresh.record(values.substring(values.indexOf('|') + 1));

            assertThat(fresh.page(StatsQuery.Format.TEXT)).as(values).endsWith("h: " + summary + "\n");
            String prometheus = fresh.page(StatsQuery.Format.PROMETHEUS);
            assertThat(samples(prometheus, "envoy_h_bucket")).as(values).isEqualTo(buckets);
            assertThat(samples(prometheus, "envoy_h_sum")).as(values).isEqualTo(sum);
            sets++;
        }
        assertThat(sets).isEqualTo(50);
    }

    private void record(String values) {
        for (String value : values.trim().split(" +", -1)) {
            if (!value.isEmpty()) {
                histogram.record(store.stripe(value.length() % 2), Long.parseLong(value));
            }
        }
        store.mergeHistograms();
    }

    private String page(StatsQuery.Format format) {
        StringBuilder all = new StringBuilder();
        StatsPage.of(store, StatsQuery.all(format)).forEachRemaining(all::append);
        return all.toString();
    }

    private static String samples(String page, String name) {
        return Arrays.stream(page.split("\n"))
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .collect(Collectors.joining(" "));
    }

    private static String after(String word, String line) {
        assertThat(line).startsWith(word + " ");
        return line.substring(word.length() + 1);
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                EnvoyHistogramsTest.class.getResourceAsStream("/dev/starling/runtime/stats/envoy-histograms.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }
}
