package dev.starling.runtime.stats.render;

import dev.starling.runtime.stats.Metric;
import dev.starling.runtime.stats.StatsStore;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The stats that a query selects, as Envoy orders them: texts, then counters and gauges together, then histograms. */
final class SelectedStats {

    private SelectedStats() {}

    static Iterator<Metric> inOrder(StatsStore store, StatsQuery query) {
        Spliterator<Metric> numbers = Spliterators.spliteratorUnknownSize(
                new ByName(store.counters(), store.gauges()), Spliterator.ORDERED | Spliterator.NONNULL);
        return Stream.concat(
                        Stream.concat(
                                store.textReadouts().stream().map(Metric.class::cast),
                                StreamSupport.stream(numbers, false)),
                        store.histograms().stream())
                .filter(query::shows)
                .iterator();
    }

    /** Merges two sorted collections. */
    private static final class ByName implements Iterator<Metric> {

        private final Iterator<? extends Metric> left;
        private final Iterator<? extends Metric> right;
        private @Nullable Metric nextLeft;
        private @Nullable Metric nextRight;

        ByName(Collection<? extends Metric> left, Collection<? extends Metric> right) {
            this.left = left.iterator();
            this.right = right.iterator();
            nextLeft = next(this.left);
            nextRight = next(this.right);
        }

        private static @Nullable Metric next(Iterator<? extends Metric> from) {
            return from.hasNext() ? from.next() : null;
        }

        @Override
        public boolean hasNext() {
            return nextLeft != null || nextRight != null;
        }

        @Override
        public Metric next() {
            Metric a = nextLeft;
            Metric b = nextRight;
            if (a != null && (b == null || a.name().compareTo(b.name()) <= 0)) {
                nextLeft = next(left);
                return a;
            }
            nextRight = next(right);
            return Objects.requireNonNull(b);
        }
    }
}
