package dev.starling.runtime.stats.render;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.starling.config.matcher.RegexCompiler;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.Gauge;
import dev.starling.runtime.stats.Histogram;
import dev.starling.runtime.stats.Metric;
import dev.starling.runtime.stats.TextReadout;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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

    private static final String ONLY = "only";

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
        TEXT_READOUTS,
        NONE;

        boolean include(Metric metric) {
            return switch (metric) {
                case Counter _ -> this == ALL || this == COUNTERS;
                case Gauge _ -> this == ALL || this == GAUGES;
                case Histogram _ -> this == ALL || this == HISTOGRAMS;
                case TextReadout _ -> this == ALL || this == TEXT_READOUTS;
            };
        }
    }

    /** What may be said of hidden stats, of which there are none here. */
    private static final Set<String> HIDDEN = Set.of("", "include", "exclude", ONLY);

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
        Optional<Pattern> filter;
        String expression = text(parameter, "filter");
        try {
            filter = expression.isEmpty() ? Optional.empty() : Optional.of(RegexCompiler.compile(expression));
        } catch (PatternSyntaxException e) {
            return new Parsed.Refused("Invalid re2 regex: " + Re2Problem.text(e, expression));
        }
        String buckets = text(parameter, "histogram_buckets");
        if (mode(buckets, Format.TEXT) == null) {
            return new Parsed.Refused("usage: /stats?histogram_buckets=(cumulative|disjoint|detailed|summary)\n");
        }
        Kinds kinds = kinds(text(parameter, "type"));
        if (kinds == null) {
            return new Parsed.Refused("invalid &type= param");
        }
        String hidden = text(parameter, "hidden");
        if (!HIDDEN.contains(hidden)) {
            return new Parsed.Refused("usage: /stats?hidden=(include|only|exclude)\n\n");
        }
        Format format = prometheusPath ? Format.PROMETHEUS : format(text(parameter, "format"));
        if (format == null) {
            return new Parsed.Refused("usage: /stats?format=(json|prometheus|text)\n\n");
        }
        HistogramMode mode = Objects.requireNonNull(mode(buckets, format));
        boolean quantilesOrBuckets = mode == HistogramMode.SUMMARY || mode == HistogramMode.CUMULATIVE;
        if (format == Format.PROMETHEUS && !quantilesOrBuckets) {
            return new Parsed.Refused("unsupported prometheus histogram bucket mode");
        }
        boolean usedOnly = parameter.apply("usedonly") != null;
        boolean textReadouts = parameter.apply("text_readouts") != null;
        return new Parsed.Valid(
                new StatsQuery(format, usedOnly, filter, hidden.equals(ONLY) ? Kinds.NONE : kinds, mode, textReadouts));
    }

    /** What is there without a value counts as not there. */
    private static String text(Function<String, @Nullable String> parameter, String name) {
        String value = parameter.apply(name);
        return value == null ? "" : value;
    }

    private static @Nullable Format format(String name) {
        return switch (name) {
            case "", "text" -> Format.TEXT;
            case "json" -> Format.JSON;
            case "prometheus" -> Format.PROMETHEUS;
            default -> null;
        };
    }

    private static @Nullable Kinds kinds(String name) {
        return switch (name) {
            case "", "All" -> Kinds.ALL;
            case "Counters" -> Kinds.COUNTERS;
            case "Gauges" -> Kinds.GAUGES;
            case "Histograms" -> Kinds.HISTOGRAMS;
            case "TextReadouts" -> Kinds.TEXT_READOUTS;
            default -> null;
        };
    }

    private static @Nullable HistogramMode mode(String name, Format format) {
        return switch (name) {
            case "", "none" -> format == Format.PROMETHEUS ? HistogramMode.CUMULATIVE : HistogramMode.SUMMARY;
            case "summary" -> HistogramMode.SUMMARY;
            case "cumulative" -> HistogramMode.CUMULATIVE;
            case "disjoint" -> HistogramMode.DISJOINT;
            case "detailed" -> HistogramMode.DETAILED;
            default -> null;
        };
    }

    public boolean shows(Metric metric) {
        return kinds.include(metric)
                && (!usedOnly || metric.used())
                && (filter.isEmpty() || filter.get().matcher(metric.name()).find());
    }
}
