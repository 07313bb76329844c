package dev.starling.runtime.stats.render;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.Metric;
import dev.starling.runtime.stats.TextReadout;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of {@code /stats}.
 *
 * @param filter RE2, found anywhere in the name
 * @param textReadouts whether Prometheus shows texts too, as the label of a gauge
 */
public record StatsQuery(
        Format format,
        boolean usedOnly,
        Optional<Pattern> filter,
        Kinds kinds,
        HistogramMode histogramMode,
        boolean textReadouts) {

    /** How the page is written. */
    public enum Format {
        TEXT("text/plain; charset=UTF-8"),
        JSON("application/json"),
        PROMETHEUS("text/plain; charset=UTF-8");

        private final String contentType;

        Format(String contentType) {
            this.contentType = contentType;
        }

        public String contentType() {
            return contentType;
        }
    }

    /** Which kinds of stats. */
    public enum Kinds {
        ALL,
        COUNTERS,
        GAUGES,
        HISTOGRAMS,
        TEXT_READOUTS;

        boolean include(Metric metric) {
            return switch (metric) {
                case Counter _ -> this == ALL || this == COUNTERS;
                case Gauge _ -> this == ALL || this == GAUGES;
                case Histogram _ -> this == ALL || this == HISTOGRAMS;
                case TextReadout _ -> this == ALL || this == TEXT_READOUTS;
            };
        }
    }

    /** What became of a query's parameters. */
    public sealed interface Parsed {
        record Valid(StatsQuery query) implements Parsed {}

        /** Answered with 400 and this text. */
        record Refused(String message) implements Parsed {}
    }

    /** All stats in one format, with Envoy's defaults. */
    public static StatsQuery all(Format format) {
        return new StatsQuery(
                format,
                false,
                Optional.empty(),
                Kinds.ALL,
                format == Format.PROMETHEUS ? HistogramMode.CUMULATIVE : HistogramMode.SUMMARY,
                false);
    }

    /**
     * Reads the parameters of a URL.
     *
     * @param parameter value by name, null if it is not there
     * @param prometheusPath whether the path says the format already
     */
    public static Parsed parse(Function<String, @Nullable String> parameter, boolean prometheusPath) {
        Format format = prometheusPath ? Format.PROMETHEUS : format(parameter.apply("format"));
        if (format == null) {
            return new Parsed.Refused("usage: /stats?format=(json|prometheus|text)\n");
        }
        Kinds kinds = kinds(parameter.apply("type"));
        if (kinds == null) {
            return new Parsed.Refused("invalid &type= param");
        }
        HistogramMode mode = mode(parameter.apply("histogram_buckets"), format);
        if (mode == null) {
            return new Parsed.Refused("usage: /stats?histogram_buckets=(cumulative|disjoint|detailed|summary)\n");
        }
        boolean quantilesOrBuckets = mode == HistogramMode.SUMMARY || mode == HistogramMode.CUMULATIVE;
        if (format == Format.PROMETHEUS && !quantilesOrBuckets) {
            return new Parsed.Refused("unsupported prometheus histogram bucket mode");
        }
        Optional<Pattern> filter;
        try {
            String expression = parameter.apply("filter");
            filter = expression == null || expression.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Pattern.compile(expression));
        } catch (PatternSyntaxException e) {
            return new Parsed.Refused("Invalid re2 regex: " + e.getDescription() + ": " + e.getPattern());
        }
        boolean usedOnly = parameter.apply("usedonly") != null;
        boolean textReadouts = parameter.apply("text_readouts") != null;
        return new Parsed.Valid(new StatsQuery(format, usedOnly, filter, kinds, mode, textReadouts));
    }

    private static @Nullable Format format(@Nullable String name) {
        return switch (name) {
            case null -> Format.TEXT;
            case "text" -> Format.TEXT;
            case "json" -> Format.JSON;
            case "prometheus" -> Format.PROMETHEUS;
            default -> null;
        };
    }

    private static @Nullable Kinds kinds(@Nullable String name) {
        return switch (name) {
            case null -> Kinds.ALL;
            case "All" -> Kinds.ALL;
            case "Counters" -> Kinds.COUNTERS;
            case "Gauges" -> Kinds.GAUGES;
            case "Histograms" -> Kinds.HISTOGRAMS;
            case "TextReadouts" -> Kinds.TEXT_READOUTS;
            default -> null;
        };
    }

    private static @Nullable HistogramMode mode(@Nullable String name, Format format) {
        return switch (name) {
            case null -> format == Format.PROMETHEUS ? HistogramMode.CUMULATIVE : HistogramMode.SUMMARY;
            case "none" -> format == Format.PROMETHEUS ? HistogramMode.CUMULATIVE : HistogramMode.SUMMARY;
            case "summary" -> HistogramMode.SUMMARY;
            case "cumulative" -> HistogramMode.CUMULATIVE;
            case "disjoint" -> HistogramMode.DISJOINT;
            case "detailed" -> HistogramMode.DETAILED;
            default -> null;
        };
    }

    boolean shows(Metric metric) {
        return kinds.include(metric)
                && (!usedOnly || metric.used())
                && (filter.isEmpty() || filter.get().matcher(metric.name()).find());
    }
}
