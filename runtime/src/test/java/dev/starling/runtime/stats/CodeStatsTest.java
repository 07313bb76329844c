package dev.starling.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodeStatsTest {

    private final StatsStore store = new StatsStore(1);

    @Test
    void makesNamesWithTheFirstResponse() {
        CodeStats codes = new CodeStats(store.scope("cluster.shop."), "upstream_rq_");
        assertThat(store.counters()).hasSize(1);

        codes.record(store.stripe(0), 200);
        codes.record(store.stripe(0), 503);
        codes.record(store.stripe(0), 504);

        assertThat(store.counters())
                .extracting(counter -> counter.name() + " " + counter.value())
                .containsExactly(
                        "cluster.shop.upstream_rq_200 1",
                        "cluster.shop.upstream_rq_2xx 1",
                        "cluster.shop.upstream_rq_503 1",
                        "cluster.shop.upstream_rq_504 1",
                        "cluster.shop.upstream_rq_5xx 2",
                        "cluster.shop.upstream_rq_completed 3",
                        "starling.stats.refused 0");
    }

    @Test
    void bundlesCodesThatAreNone() {
        CodeStats codes = new CodeStats(store.scope("cluster.shop."), "upstream_rq_");

        codes.record(store.stripe(0), 0);
        codes.record(store.stripe(0), 600);
        codes.record(store.stripe(0), 99);

        assertThat(store.counters())
                .extracting(counter -> counter.name() + " " + counter.value())
                .containsExactly(
                        "cluster.shop.upstream_rq_completed 3",
                        "cluster.shop.upstream_rq_unknown 3",
                        "starling.stats.refused 0");
    }
}
