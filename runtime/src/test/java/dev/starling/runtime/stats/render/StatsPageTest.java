package dev.starling.runtime.stats.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.stats.StatsStore;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatsPageTest {

    private final StatsStore store = new StatsStore(1);
    private final StatsScope root = store.scope("");

    @Test
    void showsTextsFirstAndQuotesThem() {
        root.counter("a").inc();
        root.textReadout("listener_manager.lds.version_text").set("v\"1\\x");

        assertThat(page(StatsQuery.Format.TEXT)).isEqualTo("""
                listener_manager.lds.version_text: "v"1\\x"
                a: 1
                starling.stats.refused: 0
                """);
        assertThat(page(StatsQuery.Format.JSON)).isEqualTo("""
                {"stats":[{"name":"listener_manager.lds.version_text","value":"v\\"1\\\\x"},{"name":"a","value":1},\
                {"name":"starling.stats.refused","value":0}]}""");
    }

    @Test
    void showsTextsToPrometheusAsALabelWhenAskedTo() {
        root.textReadout("listener_manager.lds.version_text").set("v\"1\\x");
        StatsQuery query = new StatsQuery(
                StatsQuery.Format.PROMETHEUS,
                true,
                Optional.empty(),
                StatsQuery.Kinds.ALL,
                HistogramMode.CUMULATIVE,
                true);

        assertThat(page(query)).isEqualTo("""
                # TYPE envoy_listener_manager_lds_version_text gauge
                envoy_listener_manager_lds_version_text{text_value="v\\"1\\\\x"} 0
                """);
    }

    @Test
    void showsTheLastIntervalAsASummaryToPrometheus() {
        Histogram histogram = root.histogram("http.edge.rq_time", Histogram.Unit.MILLISECONDS);
        histogram.record(store.stripe(0), 12);
        store.mergeHistograms();
        StatsQuery query = new StatsQuery(
                StatsQuery.Format.PROMETHEUS,
                true,
                Optional.empty(),
                StatsQuery.Kinds.HISTOGRAMS,
                HistogramMode.SUMMARY,
                false);

        assertThat(page(query)).startsWith("""
                        # TYPE envoy_http_rq_time summary
                        envoy_http_rq_time{envoy_http_conn_manager_prefix="edge",quantile="0"} 12.5
                        """).endsWith("""
                        envoy_http_rq_time_sum{envoy_http_conn_manager_prefix="edge"} 12.48000000000000042632564145606
                        envoy_http_rq_time_count{envoy_http_conn_manager_prefix="edge"} 1
                        """);

        store.mergeHistograms();
        assertThat(page(query))
                .contains("quantile=\"0.5\"} nan\n")
                .contains("_count{envoy_http_conn_manager_prefix=\"edge\"} 0\n");
    }

    @Test
    void showsAHashInAGaugeAsUnsigned() {
        root.gauge("listener_manager.lds.version").set(Long.parseUnsignedLong("11179468007198554190"));

        assertThat(page(StatsQuery.Format.TEXT)).contains("listener_manager.lds.version: 11179468007198554190\n");
        assertThat(page(StatsQuery.Format.PROMETHEUS))
                .contains("envoy_listener_manager_lds_version{} 11179468007198554190\n");
    }

    @Test
    void isMadeInBoundedPieces() {
        for (int i = 0; i < 10_000; i++) {
            root.counter("cluster.c" + i + ".upstream_rq_total");
        }
        for (StatsQuery.Format format : StatsQuery.Format.values()) {
            int[] pieces = new int[1];
            StringBuilder all = new StringBuilder();
            StatsPage.of(store, StatsQuery.all(format)).forEachRemaining(piece -> {
                assertThat(piece.length()).isBetween(1, 17_000);
                all.append(piece);
                pieces[0]++;
            });
            assertThat(pieces[0]).isGreaterThan(15);
            assertThat(all.toString()).contains("c9999").contains("c0").contains("refused");
        }
    }

    @Test
    void isEmptyForNothingButInJson() {
        StatsStore store = new StatsStore(1);
        StatsQuery.Parsed.Valid nothing =
                (StatsQuery.Parsed.Valid) StatsQuery.parse(name -> name.equals("filter") ? "zzz" : null, false);
        assertThat(StatsPage.of(store, nothing.query()).hasNext()).isFalse();

        StatsQuery.Parsed.Valid json = (StatsQuery.Parsed.Valid)
                StatsQuery.parse(name -> name.equals("filter") ? "zzz" : name.equals("format") ? "json" : null, false);
        assertThat(StatsPage.of(store, json.query()).next()).isEqualTo("{\"stats\":[]}");
    }

    @Test
    void toleratesStatsThatComeAndGoWhileItIsRead() {
        StatsScope going = store.scope("cluster.going.");
        for (int i = 0; i < 2_000; i++) {
            going.counter("c" + i);
            root.counter("z" + i);
        }
        StatsPage page = StatsPage.of(store, StatsQuery.all(StatsQuery.Format.TEXT));
        StringBuilder all = new StringBuilder(page.next());

        going.remove();
        page.forEachRemaining(all::append);

        assertThat(all.toString()).contains("cluster.going.c0: 0\n").contains("z1999: 0\n");
    }

    private String page(StatsQuery.Format format) {
        return page(StatsQuery.all(format));
    }

    private String page(StatsQuery query) {
        StringBuilder all = new StringBuilder();
        StatsPage.of(store, query).forEachRemaining(all::append);
        return all.toString();
    }
}
