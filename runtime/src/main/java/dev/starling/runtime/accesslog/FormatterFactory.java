package dev.starling.runtime.accesslog;

import dev.starling.config.accesslog.AccessLog;
import dev.starling.config.accesslog.FormatString;
import dev.starling.config.accesslog.JsonTemplate;
import dev.starling.runtime.text.JsonText;
import dev.starling.runtime.text.NumberText;
import dev.starling.runtime.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compiles formats. */
public final class FormatterFactory {

    private static final String LOG_MISSING = "-";

    private final FieldCompiler fields;

    /**
     * @param clock for durations of what has not ended
     * @param hostname for {@code HOSTNAME}
     * @param environment for {@code ENVIRONMENT}
     */
    public FormatterFactory(Clock clock, String hostname, Map<String, String> environment) {
        this.fields = new FieldCompiler(clock, hostname, Map.copyOf(environment));
    }

    /** For a log entry or the body of a local reply. */
    public Formatter entry(AccessLog.Format format) {
        return switch (format) {
            case AccessLog.Format.Text(FormatString pattern, boolean omitEmptyValues) ->
                text(pattern, omitEmptyValues ? "" : LOG_MISSING);
            case AccessLog.Format.Json(JsonTemplate.Fields object, boolean omitEmptyValues) ->
                new JsonFormatter(fields(object, omitEmptyValues));
        };
    }

    /** For a header: what is missing leaves nothing. */
    public Formatter headerValue(FormatString value) {
        return text(value, "");
    }

    private Formatter text(FormatString pattern, String missing) {
        return new TextFormatter(pattern.segments().stream().map(this::field).toArray(Field[]::new), missing);
    }

    private Field field(FormatString.Segment segment) {
        return switch (segment) {
            case FormatString.Literal(String text) -> FieldCompiler.constant(text);
            case FormatString.Operator operator -> fields.compile(operator);
        };
    }

    private JsonNode node(JsonTemplate template, boolean omitEmpty) {
        return switch (template) {
            case JsonTemplate.Value(FormatString format) -> value(format, omitEmpty);
            case JsonTemplate.Numeral(double number) -> new JsonNode.Constant(NumberText.json(number));
            case JsonTemplate.Bool(boolean bool) -> new JsonNode.Constant(Boolean.toString(bool));
            case JsonTemplate.Null _ -> omitEmpty ? JsonNode.Nothing.NOTHING : new JsonNode.Constant("null");
            case JsonTemplate.Elements(List<JsonTemplate> elements) ->
                new JsonNode.Elements(
                        elements.stream().map(each -> node(each, omitEmpty)).toList());
            case JsonTemplate.Fields object -> fields(object, omitEmpty);
        };
    }

    private JsonNode.Fields fields(JsonTemplate.Fields object, boolean omitEmpty) {
        List<String> keys = new ArrayList<>();
        List<JsonNode> nodes = new ArrayList<>();
        object.fields().forEach((key, template) -> {
            keys.add(quoted(key));
            nodes.add(node(template, omitEmpty));
        });
        return new JsonNode.Fields(keys, nodes, omitEmpty);
    }

    private JsonNode value(FormatString format, boolean omitEmpty) {
        List<FormatString.Segment> segments = format.segments();
        if (segments.size() == 1 && segments.getFirst() instanceof FormatString.Operator operator) {
            return new JsonNode.Single(fields.compile(operator), omitEmpty);
        }
        List<JsonNode.Mixed.Part> parts = new ArrayList<>();
        for (FormatString.Segment segment : segments) {
            parts.add(
                    switch (segment) {
                        case FormatString.Literal(String text) ->
                            new JsonNode.Mixed.Part(FieldCompiler.constant(escaped(text)), true);
                        case FormatString.Operator operator -> new JsonNode.Mixed.Part(fields.compile(operator), false);
                    });
        }
        return new JsonNode.Mixed(parts, omitEmpty ? "" : LOG_MISSING);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder();
        JsonText.appendQuoted(out, text);
        return Utf8Chars.of(out.toString());
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        JsonText.append(out, text, false);
        return out.toString();
    }
}
