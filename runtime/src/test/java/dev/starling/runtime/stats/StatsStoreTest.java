package dev.starling.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatsStoreTest {

    private final StatsStore store = new StatsStore(2);

    @Test
    void addsUpWhatLoopsAndOtherThreadsCounted() {
        Counter counter = store.scope("cluster.shop.").counter("upstream_rq_total");

        counter.inc(store.stripe(0));
        counter.add(store.stripe(1), 5);
        counter.inc();

        assertThat(counter.name()).isEqualTo("cluster.shop.upstream_rq_total");
        assertThat(counter.value()).isEqualTo(7);
    }

    @Test
    void givesTheSameStatForTheSameName() {
        StatsScope scope = store.scope("http.edge.");

        assertThat(scope.counter("rq_total")).isSameAs(scope.counter("rq_total"));
        assertThat(store.scope("http.").scope("edge.").counter("rq_total")).isSameAs(scope.counter("rq_total"));
    }

    @Test
    void keepsASharedStatUntilTheLastScopeIsRemoved() {
        StatsScope first = store.scope("cluster.shop.");
        StatsScope second = store.scope("cluster.shop.");
        first.counter("upstream_cx_total").inc();
        second.counter("upstream_cx_total").inc();

        first.remove();
        assertThat(store.counters().stream().filter(c -> c.name().startsWith("cluster")))
                .singleElement()
                .satisfies(counter -> assertThat(counter.value()).isEqualTo(2));

        second.remove();
        assertThat(names()).doesNotContain("cluster.shop.upstream_cx_total");
    }

    @Test
    void removesWhatWasMadeThroughPartsOfAScope() {
        StatsScope cluster = store.scope("cluster.shop.");
        cluster.scope("circuit_breakers.default.").gauge("cx_open");
        cluster.textReadout("version");
        cluster.histogram("upstream_rq_time", Histogram.Unit.MILLISECONDS);

        cluster.remove();
        cluster.remove();

        assertThat(store.gauges()).isEmpty();
        assertThat(store.textReadouts()).isEmpty();
        assertThat(store.histograms()).isEmpty();
    }

    @Test
    void removesAPartAlone() {
        StatsScope cluster = store.scope("cluster.shop.");
        cluster.counter("kept");
        StatsScope part = cluster.scope("part.");
        part.counter("gone");

        part.remove();

        assertThat(names()).containsExactly("cluster.shop.kept", "starling.stats.refused");
    }

    @Test
    void letsAnOldHolderWriteWithoutTouchingTheNameThatCameAfter() {
        StatsScope old = store.scope("cluster.shop.");
        Counter before = old.counter("upstream_rq_total");
        old.remove();
        Counter after = store.scope("cluster.shop.").counter("upstream_rq_total");

        before.inc(store.stripe(0));

        assertThat(after.value()).isZero();
        assertThat(old.counter("late")).isNotNull();
        assertThat(names()).doesNotContain("cluster.shop.late");
    }

    @Test
    void refusesMoreStatsThanItsLimitAndCountsThem() {
        StatsStore small = new StatsStore(1, new StatsLimits(2, 20));
        StatsScope scope = small.scope("a.");

        scope.counter("one");
        scope.counter("two");
        scope.counter("three").inc(small.stripe(0));
        scope.gauge("four").set(7);
        scope.counter("two");

        assertThat(small.counters())
                .extracting(Counter::name)
                .containsExactly("a.one", "a.two", "starling.stats.refused");
        assertThat(small.gauges()).isEmpty();
        assertThat(scope.counter("one").value()).isZero();
        assertThat(value(small, "starling.stats.refused")).isEqualTo(2);
    }

    @Test
    void refusesNamesLongerThanItsLimit() {
        StatsStore small = new StatsStore(1, new StatsLimits(10, 20));

        small.scope("cluster.").counter("a".repeat(13));

        assertThat(value(small, "starling.stats.refused")).isEqualTo(1);
    }

    @Test
    void makesRoomWhenAScopeIsRemoved() {
        StatsStore small = new StatsStore(1, new StatsLimits(1, 20));
        StatsScope scope = small.scope("a.");
        scope.counter("one");
        scope.remove();

        small.scope("b.").counter("one");

        assertThat(small.counters()).extracting(Counter::name).containsExactly("b.one", "starling.stats.refused");
    }

    @Test
    void resetsCountersOnly() {
        StatsScope scope = store.scope("a.");
        Counter counter = scope.counter("c");
        Gauge gauge = scope.gauge("g");
        counter.add(store.stripe(0), 3);
        counter.inc();
        gauge.add(store.stripe(1), 3);

        store.resetCounters();
        counter.inc(store.stripe(0));

        assertThat(counter.value()).isEqualTo(1);
        assertThat(counter.used()).isTrue();
        assertThat(gauge.value()).isEqualTo(3);
    }

    @Test
    void remembersThatAStatWasUsedWhenItIsZeroAgain() {
        StatsScope scope = store.scope("a.");
        Gauge unused = scope.gauge("unused");
        Gauge active = scope.gauge("active");

        active.inc(store.stripe(0));
        active.dec(store.stripe(1));

        assertThat(active.value()).isZero();
        assertThat(active.used()).isTrue();
        assertThat(unused.used()).isFalse();
    }

    @Test
    void setsAGaugeToWhatItIsTold() {
        Gauge gauge = store.scope("a.").gauge("g");

        gauge.add(store.stripe(0), 4);
        gauge.set(10);

        assertThat(gauge.value()).isEqualTo(10);
    }

    @Test
    void showsNoGaugeBelowZeroWhileLoopsAreReadOneAfterTheOther() {
        Gauge gauge = store.scope("a.").gauge("g");

        gauge.dec(store.stripe(0));

        assertThat(gauge.value()).isZero();
    }

    @Test
    void replacesWhatAStatsNameMayNotHave() {
        store.scope("cluster.tcp://[::1]:80.").counter("c");

        assertThat(names()).containsExactly("cluster.tcp_[__1]_80.c", "starling.stats.refused");
    }

    private List<String> names() {
        return store.counters().stream().map(Counter::name).toList();
    }

    private static long value(StatsStore store, String name) {
        return store.counters().stream()
                .filter(counter -> counter.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
