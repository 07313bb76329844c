package dev.starling.admin.kamon;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.stats.StatsStore;
import dev.starling.runtime.stats.render.StatsQuery;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class KamonPageTest {

    private final StatsStore stats = new StatsStore(1);

    @BeforeEach
    void count() {
        for (String cluster : new String[] {"shop", "mail"}) {
            StatsScope scope = stats.scope("cluster." + cluster + ".");
            scope.counter("upstream_rq_total").add(cluster.length());
            scope.counter("upstream_rq_retry");
            scope.gauge("upstream_rq_active").set(2);
        }
        Histogram time = stats.scope("cluster.shop.").histogram("upstream_rq_time", Histogram.Unit.MILLISECONDS);
        time.record(stats.stripe(0), 4);
        time.record(stats.stripe(0), 60);
        stats.mergeHistograms();
    }

    private String page(Function<String, @Nullable String> parameters) {
        var query = (StatsQuery.Parsed.Valid) StatsQuery.parse(parameters, true);
        StringBuilder page = new StringBuilder();
        KamonPage.of(stats, query.query(), ConfigFactory.load()).forEachRemaining(page::append);
        return page.toString();
    }

    @Test
    void groupsAFamilyUnderOneType() {
        assertThat(page(name -> name.equals("filter") ? "upstream_rq_(total|active)" : null))
                .isEqualTo("""
                # TYPE cluster_upstream_rq_total counter
                cluster_upstream_rq_total{envoy_cluster_name="mail"} 4.0
                cluster_upstream_rq_total{envoy_cluster_name="shop"} 4.0
                # TYPE cluster_upstream_rq_active gauge
                cluster_upstream_rq_active{envoy_cluster_name="mail"} 2.0
                cluster_upstream_rq_active{envoy_cluster_name="shop"} 2.0
                """);
    }

    @Test
    void givesTimesInSecondsAndKamonsBuckets() {
        assertThat(page(name -> null))
                .contains("# TYPE cluster_upstream_rq_time_seconds histogram\n")
                .contains("cluster_upstream_rq_time_seconds_bucket{envoy_cluster_name=\"shop\",le=\"0.005\"} 1.0\n")
                .contains("cluster_upstream_rq_time_seconds_bucket{envoy_cluster_name=\"shop\",le=\"0.05\"} 1.0\n")
                .contains("cluster_upstream_rq_time_seconds_bucket{envoy_cluster_name=\"shop\",le=\"0.075\"} 2.0\n")
                .contains("cluster_upstream_rq_time_seconds_count{envoy_cluster_name=\"shop\"} 2.0\n");
    }

    @Test
    void leavesOutWhatWasNeverUsed() {
        assertThat(page(name -> null)).contains("upstream_rq_retry_total");
        assertThat(page(name -> name.equals("usedonly") ? "" : null)).doesNotContain("upstream_rq_retry_total");
    }

    @Test
    void keepsNothingBetweenScrapes() {
        String once = page(name -> null);

        assertThat(page(name -> null)).isEqualTo(once);
    }

    @Test
    void knowsTheRankOfABucket() {
        var histogram = KamonHistogram.of(stats.histograms().iterator().next());

        assertThat(histogram.percentile(50).value()).isEqualTo(4000);
        assertThat(histogram.percentile(99).value()).isEqualTo(60_000);
        assertThat(histogram.min()).isEqualTo(4000);
        assertThat(histogram.max()).isEqualTo(60_000);
    }
}
