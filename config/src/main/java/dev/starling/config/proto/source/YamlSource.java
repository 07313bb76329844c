package dev.starling.config.proto.source;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.SourceLocation;
import dev.starling.config.proto.source.SourceNode.Entry;
import dev.starling.config.proto.source.SourceNode.Kind;
import dev.starling.config.proto.source.SourceNode.ListNode;
import dev.starling.config.proto.source.SourceNode.Null;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * YAML from the parser's events. An anchored value is built once and shared by its aliases; its expanded size still
 * counts, so that a few lines cannot stand for a billion values. Merge keys, which Envoy itself does not know, work.
 */
final class YamlSource {

    /** The parser copies what it holds of a long token or comment for each buffer that it reads: few copies of much. */
    private static final int MOST_COPIES = 16;

    private static final int SMALLEST_BUFFER = 1024;

    private static final String STRING_TAG = "tag:yaml.org,2002:str";

    private final String name;
    private final Iterator<Event> events;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private int depth;
    private long values;

    /** @param values how many it stands for when expanded */
    private record Anchored(SourceNode node, long values) {}

    private YamlSource(String name, Iterator<Event> events) {
        this.name = name;
        this.events = events;
    }

    static SourceNode parse(String name, String text) throws InvalidConfigException {
        var settings = LoadSettings.builder()
                .setLabel(name)
                .setCodePointLimit(Integer.MAX_VALUE)
                .setBufferSize(Math.max(SMALLEST_BUFFER, text.length() / MOST_COPIES))
                .build();
        try {
            var source =
                    new YamlSource(name, new Parse(settings).parseString(text).iterator());
            var root = source.stream();
            if (!source.problems.isEmpty()) {
                throw new InvalidConfigException(source.problems);
            }
            return root;
        } catch (MarkedYamlEngineException e) {
            throw SourceReader.malformed(location(name, e.getProblemMark()), "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw SourceReader.malformed(new SourceLocation(name, 1, 0), "not YAML: " + e.getMessage());
        }
    }

    private SourceNode stream() throws InvalidConfigException {
        events.next();
        var first = events.next();
        if (first instanceof StreamEndEvent) {
            return new Null(location(first));
        }
        var root = node(events.next());
        events.next();
        while (!(events.next() instanceof StreamEndEvent)) {
            var second = node(events.next());
            if (!(second instanceof Null)) {
                throw SourceReader.malformed(second.location(), "a second YAML document; only one is read");
            }
            events.next();
        }
        return root;
    }

    private SourceNode node(Event event) throws InvalidConfigException {
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        long before = values;
        count(1, event);
        var node = switch (event) {
            case ScalarEvent scalar -> scalar(scalar);
            case SequenceStartEvent list -> list(list);
            case MappingStartEvent object -> object(object);
            default -> throw new IllegalStateException("unexpected " + event);
        };
        if (event instanceof NodeEvent named && named.getAnchor().isPresent()) {
            anchors.put(named.getAnchor().get(), new Anchored(node, values - before));
        }
        return node;
    }

    private SourceNode alias(AliasEvent alias) throws InvalidConfigException {
        var anchored = anchors.get(alias.getAlias());
        if (anchored == null) {
            throw SourceReader.malformed(
                    location(alias), "no anchor &" + alias.getAlias() + " is complete before here");
        }
        count(anchored.values(), alias);
        return anchored.node();
    }

    private void count(long more, Event event) throws InvalidConfigException {
        values += more;
        if (values > SourceLimits.MAX_VALUES) {
            throw SourceReader.malformed(
                    location(event), "more than " + SourceLimits.MAX_VALUES + " values, aliases expanded");
        }
    }

    private SourceNode scalar(ScalarEvent scalar) {
        boolean resolve = scalar.getTag()
                .map(tag -> !tag.equals("!") && !tag.equals(STRING_TAG))
                .orElse(scalar.isPlain());
        return resolve
                ? YamlScalar.resolve(scalar.getValue(), location(scalar))
                : new Scalar(Kind.STRING, scalar.getValue(), location(scalar));
    }

    private SourceNode list(SequenceStartEvent start) throws InvalidConfigException {
        enter(start);
        var items = new ArrayList<SourceNode>();
        for (var event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
            items.add(node(event));
        }
        depth--;
        return new ListNode(items, location(start));
    }

    private SourceNode object(MappingStartEvent start) throws InvalidConfigException {
        enter(start);
        var entries = new LinkedHashMap<String, Entry>();
        var merged = new ArrayList<SourceNode>();
        for (var event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
            var at = location(event);
            String key = key(event);
            boolean isMerge = key.equals("<<") && event instanceof ScalarEvent scalar && scalar.isPlain();
            var value = node(events.next());
            if (isMerge) {
                merged.add(value);
            } else if (entries.putIfAbsent(key, new Entry(value, at)) != null) {
                problems.add(new Problem("", "duplicate key `" + key + "`", Optional.of(at)));
            }
        }
        for (var value : merged) {
            merge(value, entries);
        }
        depth--;
        return new ObjectNode(entries, location(start));
    }

    private String key(Event event) throws InvalidConfigException {
        return switch (event) {
            case ScalarEvent scalar -> {
                count(1, scalar);
                scalar.getAnchor().ifPresent(anchor -> anchors.put(anchor, new Anchored(scalar(scalar), 1)));
                yield scalar.getValue();
            }
            case AliasEvent alias when alias(alias) instanceof Scalar(var kind, var text, var at) -> text;
            default -> throw SourceReader.malformed(location(event), "a key must be a scalar");
        };
    }

    /** What stands in the object itself wins, then what is merged first. */
    private void merge(SourceNode value, Map<String, Entry> into) {
        switch (value) {
            case ObjectNode object -> object.entries().forEach(into::putIfAbsent);
            case ListNode list
            when list.items().stream().allMatch(ObjectNode.class::isInstance) ->
                list.items().forEach(item -> merge(item, into));
            default ->
                problems.add(
                        new Problem("", "`<<` takes an object or a list of objects", Optional.of(value.location())));
        }
    }

    private void enter(Event event) throws InvalidConfigException {
        if (++depth > SourceLimits.MAX_DEPTH) {
            throw SourceReader.malformed(location(event), "nested deeper than " + SourceLimits.MAX_DEPTH);
        }
    }

    private SourceLocation location(Event event) {
        return location(name, event.getStartMark());
    }

    private static SourceLocation location(String name, Optional<Mark> mark) {
        return mark.map(at -> new SourceLocation(name, at.getLine() + 1, at.getColumn() + 1))
                .orElse(new SourceLocation(name, 1, 0));
    }
}
