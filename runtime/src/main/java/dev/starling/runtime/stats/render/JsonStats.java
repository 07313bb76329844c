package dev.starling.runtime.stats.render;

import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.HistogramSnapshot;
import dev.starling.runtime.stats.Metric;
import dev.starling.runtime.stats.TextReadout;
import dev.starling.runtime.text.JsonText;
import dev.starling.runtime.text.NumberText;
import java.util.Iterator;

/** Envoy's JSON: an array of names and values, whose last element holds all histograms. */
final class JsonStats implements StatsWriter {

    private enum Part {
        START,
        NUMBERS,
        HISTOGRAMS,
        END
    }

    private final Iterator<Metric> stats;
    private final HistogramMode mode;
    private Part part = Part.START;

    JsonStats(Iterator<Metric> stats, HistogramMode mode) {
        this.stats = stats;
        this.mode = mode;
    }

    @Override
    public boolean write(StringBuilder page) {
        if (part == Part.END) {
            return false;
        }
        boolean first = part == Part.START;
        if (first) {
            page.append("{\"stats\":[");
            part = Part.NUMBERS;
        }
        if (!stats.hasNext()) {
            page.append(part == Part.HISTOGRAMS ? endOfHistograms() : "").append("]}");
            part = Part.END;
            return true;
        }
        page.append(first ? "" : ",");
        switch (stats.next()) {
            case Counter counter -> number(page, counter, Long.toString(counter.value()));
            case Gauge gauge -> number(page, gauge, Long.toUnsignedString(gauge.value()));
            case TextReadout text -> {
                name(page, text);
                JsonText.appendQuoted(page.append(",\"value\":"), text.value());
                page.append('}');
            }
            case Histogram histogram -> {
                if (part == Part.NUMBERS) {
                    page.append(startOfHistograms());
                    part = Part.HISTOGRAMS;
                }
                histogram(page, histogram);
            }
        }
        return true;
    }

    private static void name(StringBuilder page, Metric metric) {
        JsonText.appendQuoted(page.append("{\"name\":"), metric.name());
    }

    private static void number(StringBuilder page, Metric metric, String value) {
        name(page, metric);
        page.append(",\"value\":").append(value).append('}');
    }

    private String startOfHistograms() {
        String percents = "[" + String.join(",", HistogramBounds.PERCENT_TEXTS) + "]";
        return switch (mode) {
            case SUMMARY -> "{\"histograms\":{\"supported_quantiles\":" + percents + ",\"computed_quantiles\":[";
            case DETAILED -> "{\"histograms\":{\"supported_percentiles\":" + percents + ",\"details\":[";
            case CUMULATIVE, DISJOINT -> "{\"histograms\":[";
        };
    }

    private String endOfHistograms() {
        return switch (mode) {
            case SUMMARY, DETAILED -> "]}}";
            case CUMULATIVE, DISJOINT -> "]}";
        };
    }

    private void histogram(StringBuilder page, Histogram histogram) {
        name(page, histogram);
        switch (mode) {
            case SUMMARY -> quantiles(page.append(",\"values\":["), histogram);
            case CUMULATIVE, DISJOINT -> buckets(page.append(",\"buckets\":["), histogram);
            case DETAILED -> {
                bins(page.append(",\"totals\":["), histogram.cumulative());
                bins(page.append("],\"intervals\":["), histogram.interval());
                quantiles(page.append("],\"percentiles\":["), histogram);
            }
        }
        page.append("]}");
    }

    private static void quantiles(StringBuilder page, Histogram histogram) {
        double[] interval = HistogramBounds.quantiles(histogram.interval());
        double[] cumulative = HistogramBounds.quantiles(histogram.cumulative());
        for (int i = 0; i < interval.length; i++) {
            page.append(i == 0 ? "{\"cumulative\":" : ",{\"cumulative\":")
                    .append(NumberText.json(cumulative[i]))
                    .append(",\"interval\":")
                    .append(NumberText.json(interval[i]))
                    .append('}');
        }
    }

    private void buckets(StringBuilder page, Histogram histogram) {
        long[] interval = HistogramBounds.counts(histogram.interval(), mode);
        long[] cumulative = HistogramBounds.counts(histogram.cumulative(), mode);
        for (int i = 0; i < interval.length; i++) {
            page.append(i == 0 ? "{\"upper_bound\":" : ",{\"upper_bound\":")
                    .append(NumberText.json(HistogramBounds.bucket(i)))
                    .append(",\"interval\":")
                    .append(interval[i])
                    .append(",\"cumulative\":")
                    .append(cumulative[i])
                    .append('}');
        }
    }

    private static void bins(StringBuilder page, HistogramSnapshot snapshot) {
        int start = page.length();
        snapshot.forEachBucket((lower, width, count) -> page.append(page.length() == start ? "" : ",")
                .append("{\"lower_bound\":")
                .append(NumberText.json(lower))
                .append(",\"width\":")
                .append(NumberText.json(width))
                .append(",\"count\":")
                .append(count)
                .append('}'));
    }
}
