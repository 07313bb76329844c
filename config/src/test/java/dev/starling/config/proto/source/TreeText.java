package dev.starling.config.proto.source;

import dev.starling.config.proto.source.SourceNode.ListNode;
import dev.starling.config.proto.source.SourceNode.Null;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.util.stream.Collectors;

/** A tree as one line for comparing: strings in quotes, without places. */
final class TreeText {

    private TreeText() {}

    static String of(SourceNode node) {
        return switch (node) {
            case Null ignored -> "null";
            case Scalar(var kind, var text, var at) -> kind == SourceNode.Kind.STRING ? "'" + text + "'" : text;
            case ListNode(var items, var at) ->
                items.stream().map(TreeText::of).collect(Collectors.joining(", ", "[", "]"));
            case ObjectNode(var entries, var at) ->
                entries.entrySet().stream()
                        .map(entry ->
                                entry.getKey() + ": " + of(entry.getValue().value()))
                        .collect(Collectors.joining(", ", "{", "}"));
        };
    }
}
