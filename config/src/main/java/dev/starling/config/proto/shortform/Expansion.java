package dev.starling.config.proto.shortform;

import dev.starling.config.SourceLocation;
import dev.starling.config.proto.source.SourceNode;
import dev.starling.config.proto.source.SourceNode.Entry;
import dev.starling.config.proto.source.SourceNode.Kind;
import dev.starling.config.proto.source.SourceNode.ListNode;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds an object of the long form. Everything in it stands where the short form it comes from does. */
final class Expansion {

    private final SourceLocation at;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    Expansion(SourceLocation at) {
        this.at = at;
    }

    /** With the type of a {@code typed_config}. */
    static Expansion typed(SourceLocation at, String type) {
        return new Expansion(at).put("@type", "type.googleapis.com/" + type);
    }

    Expansion put(String name, SourceNode value) {
        entries.put(name, new Entry(value, value.location()));
        return this;
    }

    Expansion put(String name, Expansion value) {
        return put(name, value.node());
    }

    Expansion put(String name, String text) {
        return put(name, text(text, at));
    }

    Expansion put(String name, Optional<? extends SourceNode> value) {
        value.ifPresent(node -> put(name, node));
        return this;
    }

    Expansion put(String name, List<? extends SourceNode> items) {
        return put(name, new ListNode(List.copyOf(items), at));
    }

    ObjectNode node() {
        return new ObjectNode(entries, at);
    }

    static Scalar text(String text, SourceLocation at) {
        return new Scalar(Kind.STRING, text, at);
    }
}
