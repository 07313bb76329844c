package dev.starling.runtime.stats.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.stats.StatsStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The pages of a real Envoy 1.40 after some traffic: a store that is filled from its lists of counters, gauges and
 * histogram buckets must print its other pages byte by byte.
 */
class EnvoyPagesTest {

    private final StatsStore store = new StatsStore(1);

    @BeforeEach
    void fillAsEnvoyWas() throws IOException {
        StatsScope root = store.scope("");
        Set<String> used = new HashSet<>();
        for (String line : lines("usedonly.txt")) {
            used.add(line.substring(0, line.indexOf(": ")));
        }
        for (String line : lines("counters.txt")) {
            String name = line.substring(0, line.indexOf(": "));
            root.counter(name).add(Long.parseLong(line.substring(name.length() + 2)));
        }
        for (String line : lines("gauges.txt")) {
            String name = line.substring(0, line.indexOf(": "));
            long value = Long.parseUnsignedLong(line.substring(name.length() + 2));
            if (used.contains(name)) {
                root.gauge(name).set(value);
            } else {
                root.gauge(name);
            }
        }
        Histogram histogram = null;
        for (String line : lines("detailed.txt")) {
            if (!line.startsWith(" ")) {
                histogram = root.histogram(line.substring(0, line.indexOf(":")), Histogram.Unit.MILLISECONDS);
            } else if (line.startsWith("  totals=")) {
                recordAll(Objects.requireNonNull(histogram), line.substring("  totals=".length()));
            }
        }
        store.mergeHistograms();
        store.mergeHistograms();
    }

    private void recordAll(Histogram histogram, String totals) {
        for (String bucket : totals.split(", ", -1)) {
            long value = Long.parseLong(bucket.substring(0, bucket.indexOf(',')));
            long count = Long.parseLong(bucket.substring(bucket.indexOf(':') + 1));
            for (long i = 0; i < count; i++) {
                histogram.record(store.stripe(0), value);
            }
        }
    }

    @Test
    void printsTheTextOfWhatWasUsed() throws IOException {
        assertThat(page("usedonly", "")).isEqualTo(resource("usedonly.txt"));
    }

    @Test
    void printsEachKindAlone() throws IOException {
        assertThat(page("type", "Gauges")).isEqualTo(resource("gauges.txt"));
        assertThat(page("type", "Counters", "filter", "^(cluster|http|listener|tcp|vhost|thread)"))
                .isEqualTo(resource("counters.txt"));
    }

    @Test
    void printsHistogramsInEachMode() throws IOException {
        assertThat(page("type", "Histograms", "histogram_buckets", "detailed")).isEqualTo(resource("detailed.txt"));
        assertThat(page("type", "Histograms", "histogram_buckets", "disjoint")).isEqualTo(resource("disjoint.txt"));
        assertThat(page("type", "Histograms", "histogram_buckets", "cumulative"))
                .isEqualTo(resource("cumulative.txt"));
    }

    @Test
    void printsJson() throws IOException {
        assertThat(page("format", "json", "usedonly", "")).isEqualTo(resource("usedonly.json"));
        assertThat(page("format", "json", "usedonly", "", "type", "Histograms", "histogram_buckets", "detailed"))
                .isEqualTo(resource("detailed.json"));
        assertThat(page("format", "json", "usedonly", "", "type", "Histograms", "histogram_buckets", "cumulative"))
                .isEqualTo(resource("cumulative.json"));
    }

    @Test
    void printsPrometheus() throws IOException {
        assertThat(page("format", "prometheus", "usedonly", "")).isEqualTo(resource("prometheus.txt"));
    }

    private String page(String... parameters) {
        Function<String, @Nullable String> lookup = name -> {
            for (int i = 0; i < parameters.length; i += 2) {
                if (parameters[i].equals(name)) {
                    return parameters[i + 1];
                }
            }
            return null;
        };
        StatsQuery.Parsed parsed = StatsQuery.parse(lookup, false);
        assertThat(parsed).isInstanceOf(StatsQuery.Parsed.Valid.class);
        StringBuilder all = new StringBuilder();
        StatsPage.of(store, ((StatsQuery.Parsed.Valid) parsed).query()).forEachRemaining(all::append);
        return all.toString();
    }

    private static List<String> lines(String name) throws IOException {
        return resource(name).lines().toList();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(EnvoyPagesTest.class.getResourceAsStream("envoy/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
