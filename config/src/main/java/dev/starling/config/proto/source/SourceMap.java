package dev.starling.config.proto.source;

import dev.starling.config.SourceLocation;
import dev.starling.config.proto.source.SourceNode.Entry;
import dev.starling.config.proto.source.SourceNode.ListNode;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a field of the message stands in the text it was read from. Keeps only the trees that were read and walks
 * them when asked, so that a configuration without problems pays nothing for it.
 */
public final class SourceMap {

    /** For messages that came from no text. */
    public static final SourceMap NONE = new SourceMap(List.of());

    private final List<SourceNode> roots;

    private SourceMap(List<SourceNode> roots) {
        this.roots = roots;
    }

    /** Of trees merged in this order: later lists continue earlier ones, later scalars win. */
    public static SourceMap of(List<SourceNode> roots) {
        return new SourceMap(List.copyOf(roots));
    }

    /** Where the field stands, or else the nearest thing around it; empty if there is no text. */
    public Optional<SourceLocation> locate(String path) {
        var here = roots.stream().map(root -> new Entry(root, root.location())).toList();
        for (var step : PathStep.parse(path)) {
            var below = step(here, step);
            if (below.isEmpty()) {
                break;
            }
            here = below;
        }
        return here.isEmpty() ? Optional.empty() : Optional.of(here.getLast().location());
    }

    private static List<Entry> step(List<Entry> here, PathStep step) {
        return switch (step) {
            case PathStep.Name(var name) -> children(here, name);
            case PathStep.Index(var index) -> element(here, index);
        };
    }

    private static List<Entry> children(List<Entry> here, String name) {
        var found = new ArrayList<Entry>();
        for (var entry : here) {
            if (entry.value() instanceof ObjectNode object) {
                var child = child(object, name);
                if (child != null) {
                    found.add(child);
                }
            }
        }
        return found;
    }

    private static @Nullable Entry child(ObjectNode object, String name) {
        var entry = object.entries().get(name);
        if (entry == null) {
            entry = object.entries().get(JsonName.of(name));
        }
        // The content of a TypedStruct is one level deeper in the text than in the path.
        if (entry == null && object.entries().get("value") instanceof Entry(ObjectNode content, var ignored)) {
            entry = content.entries().containsKey(name)
                    ? content.entries().get(name)
                    : content.entries().get(JsonName.of(name));
        }
        return entry;
    }

    private static List<Entry> element(List<Entry> here, int index) {
        int before = 0;
        for (var entry : here) {
            if (entry.value() instanceof ListNode list) {
                if (index - before < list.items().size()) {
                    var item = list.items().get(index - before);
                    return List.of(new Entry(item, item.location()));
                }
                before += list.items().size();
            } else if (index == before++) {
                // A single value stands for a list of one.
                return List.of(entry);
            }
        }
        return List.of();
    }
}
