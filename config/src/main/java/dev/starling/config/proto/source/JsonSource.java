package dev.starling.config.proto.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.SourceLocation;
import dev.starling.config.proto.source.SourceNode.Entry;
import dev.starling.config.proto.source.SourceNode.Kind;
import dev.starling.config.proto.source.SourceNode.ListNode;
import dev.starling.config.proto.source.SourceNode.Null;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** JSON, with the few freedoms Envoy's own parser takes: trailing commas, single quotes, bare keys. */
final class JsonSource {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(SourceLimits.MAX_DEPTH)
                    .maxStringLength((int) ConfigText.MAX_BYTES)
                    .maxTokenCount(2L * SourceLimits.MAX_VALUES)
                    .build())
            .build();

    private final String name;
    private final JsonParser parser;
    private final List<Problem> problems = new ArrayList<>();

    private JsonSource(String name, JsonParser parser) {
        this.name = name;
        this.parser = parser;
    }

    static SourceNode parse(String name, String text) throws InvalidConfigException {
        try (var parser = FACTORY.createParser(text)) {
            var source = new JsonSource(name, parser);
            var root = source.document();
            if (!source.problems.isEmpty()) {
                throw new InvalidConfigException(source.problems);
            }
            return root;
        } catch (StreamConstraintsException e) {
            throw SourceReader.malformed(new SourceLocation(name, 1, 0), "JSON too large: " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw SourceReader.malformed(location(name, e.getLocation()), "not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("reading from a string", e);
        }
    }

    private SourceNode document() throws IOException, InvalidConfigException {
        var first = parser.nextToken();
        if (first == null) {
            return new Null(here());
        }
        var root = value(first);
        if (parser.nextToken() != null) {
            throw SourceReader.malformed(here(), "not JSON: text after the end of the value");
        }
        return root;
    }

    private SourceNode value(JsonToken token) throws IOException {
        var at = here();
        return switch (token) {
            case START_OBJECT -> object(at);
            case START_ARRAY -> list(at);
            case VALUE_STRING -> new Scalar(Kind.STRING, parser.getText(), at);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Scalar(Kind.NUMBER, parser.getText(), at);
            case VALUE_TRUE, VALUE_FALSE -> new Scalar(Kind.BOOLEAN, parser.getText(), at);
            case VALUE_NULL -> new Null(at);
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("unexpected " + token);
        };
    }

    private SourceNode list(SourceLocation at) throws IOException {
        var items = new ArrayList<SourceNode>();
        for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(value(token));
        }
        return new ListNode(items, at);
    }

    private SourceNode object(SourceLocation at) throws IOException {
        var entries = new LinkedHashMap<String, Entry>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            var keyAt = here();
            var value = value(parser.nextToken());
            if (entries.putIfAbsent(key, new Entry(value, keyAt)) != null) {
                problems.add(new Problem("", "duplicate key `" + key + "`", Optional.of(keyAt)));
            }
        }
        return new ObjectNode(entries, at);
    }

    private SourceLocation here() {
        return location(name, parser.currentTokenLocation());
    }

    private static SourceLocation location(String name, JsonLocation at) {
        return at == null
                ? new SourceLocation(name, 1, 0)
                : new SourceLocation(name, Math.max(1, at.getLineNr()), Math.max(0, at.getColumnNr()));
    }
}
