package dev.starling.config.proto.shortform;

import dev.starling.config.Problem;
import dev.starling.config.SourceLocation;
import dev.starling.config.proto.Suggestion;
import dev.starling.config.proto.source.SourceNode;
import dev.starling.config.proto.source.SourceNode.Entry;
import dev.starling.config.proto.source.SourceNode.ListNode;
import dev.starling.config.proto.source.SourceNode.Null;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** An object of the short form. Remembers which keys were asked for, so that the others can be told. */
final class ShortObject {

    private final String path;
    private final SourceLocation at;
    private final Map<String, Entry> entries;
    private final List<Problem> problems;
    private final TreeSet<String> known = new TreeSet<>();

    private ShortObject(String path, SourceLocation at, Map<String, Entry> entries, List<Problem> problems) {
        this.path = path;
        this.at = at;
        this.entries = entries;
        this.problems = problems;
    }

    /** Whatever is no object counts as an empty one, after a problem. */
    static ShortObject of(String path, SourceNode node, List<Problem> problems) {
        if (node instanceof ObjectNode object) {
            return new ShortObject(path, object.location(), object.entries(), problems);
        }
        problems.add(
                new Problem(path, "expected an object but found " + node.kindName(), Optional.of(node.location())));
        return new ShortObject(path, node.location(), Map.of(), problems);
    }

    SourceLocation at() {
        return at;
    }

    boolean has(String key) {
        return value(key).isPresent();
    }

    Optional<SourceNode> value(String key) {
        known.add(key);
        return Optional.ofNullable(entries.get(key)).map(Entry::value).filter(node -> !(node instanceof Null));
    }

    /** As it is, for a field of the same meaning; the reader of the long form checks it. */
    Optional<Scalar> scalar(String key) {
        return value(key).flatMap(node -> {
            if (node instanceof Scalar scalar) {
                return Optional.of(scalar);
            }
            problem(key, node.location(), "expected a single value but found " + node.kindName());
            return Optional.empty();
        });
    }

    Optional<String> text(String key) {
        return scalar(key).map(Scalar::text);
    }

    /** In proto's spelling. */
    Optional<Scalar> duration(String key) {
        return scalar(key).flatMap(scalar -> {
            var seconds = ShortDuration.seconds(scalar.text());
            if (seconds.isEmpty()) {
                problem(key, scalar.location(), "expected a duration such as 250ms, 5s or 1m");
            }
            return seconds.map(text -> Expansion.text(text, scalar.location()));
        });
    }

    Optional<ShortObject> object(String key) {
        return value(key).map(node -> of(path + "." + key, node, problems));
    }

    /** The members of an object whose keys are names. */
    List<Named> named(String key) {
        var object = value(key).map(node -> of(path + "." + key, node, problems));
        var members = new ArrayList<Named>();
        object.ifPresent(group -> group.entries.forEach(
                (name, entry) -> members.add(new Named(name, entry.value(), group.path + "." + quoted(name)))));
        return members;
    }

    record Named(String name, SourceNode value, String path) {}

    /** A single value stands for a list of one. */
    List<SourceNode> list(String key) {
        return value(key)
                .map(node -> node instanceof ListNode list ? list.items() : List.of(node))
                .orElse(List.of());
    }

    /** A list of words, or just one, for a field that takes them in one text. */
    Optional<Scalar> commaSeparated(String key) {
        var words = new ArrayList<String>();
        for (var item : list(key)) {
            if (item instanceof Scalar word) {
                words.add(word.text());
            } else {
                problem(key, item.location(), "expected a single value but found " + item.kindName());
            }
        }
        return value(key).map(list -> Expansion.text(String.join(",", words), list.location()));
    }

    List<ShortObject> objects(String key) {
        var items = list(key);
        var objects = new ArrayList<ShortObject>();
        for (int i = 0; i < items.size(); i++) {
            objects.add(of(path + "." + key + "[" + i + "]", items.get(i), problems));
        }
        return objects;
    }

    /** One of a few words. */
    <T> Optional<T> choice(String key, Map<String, T> choices) {
        return scalar(key).flatMap(scalar -> {
            var chosen = Optional.ofNullable(choices.get(scalar.text()));
            if (chosen.isEmpty()) {
                problem(
                        key,
                        scalar.location(),
                        "`" + scalar.text() + "` is none of " + String.join(", ", new TreeSet<>(choices.keySet())));
            }
            return chosen;
        });
    }

    /** Exactly one of these keys must be there, and is returned. */
    Optional<String> oneOf(String... keys) {
        var present = Stream.of(keys).filter(this::has).toList();
        if (present.size() == 1) {
            return Optional.of(present.getFirst());
        }
        problem(
                present.isEmpty()
                        ? "needs one of " + String.join(", ", keys)
                        : "takes only one of " + String.join(", ", present));
        return Optional.empty();
    }

    void problem(String message) {
        problems.add(new Problem(path, message, Optional.of(at)));
    }

    private void problem(String key, SourceLocation where, String message) {
        problems.add(new Problem(path + "." + key, message, Optional.of(where)));
    }

    /** To be called when all keys have been asked for. */
    void refuseOtherKeys() {
        entries.forEach((key, entry) -> {
            if (!known.contains(key)) {
                problem(key, entry.location(), "unknown key `" + key + "`" + Suggestion.of(key, known));
            }
        });
    }

    private static String quoted(String name) {
        return name.matches("[A-Za-z0-9_-]+") ? name : "\"" + name + "\"";
    }
}
