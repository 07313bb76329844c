package dev.starling.config.proto.source;

import dev.starling.config.SourceLocation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value as it was written, before any message type is known. */
public sealed interface SourceNode {

    SourceLocation location();

    /** For messages: {@code a string}. */
    String kindName();

    /** @param text a string's content, a number in JSON's spelling, or {@code true} or {@code false} */
    record Scalar(Kind kind, String text, SourceLocation location) implements SourceNode {

        @Override
        public String kindName() {
            return switch (kind) {
                case STRING -> "a string";
                case NUMBER -> "a number";
                case BOOLEAN -> "a boolean";
            };
        }
    }

    /** What a scalar is in JSON's terms. */
    enum Kind {
        STRING,
        NUMBER,
        BOOLEAN
    }

    record Null(SourceLocation location) implements SourceNode {
        @Override
        public String kindName() {
            return "null";
        }
    }

    record ListNode(List<SourceNode> items, SourceLocation location) implements SourceNode {
        public ListNode {
            items = List.copyOf(items);
        }

        @Override
        public String kindName() {
            return "a list";
        }
    }

    /** In the order written; keys are unique. */
    record ObjectNode(Map<String, Entry> entries, SourceLocation location) implements SourceNode {
        public ObjectNode {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Override
        public String kindName() {
            return "an object";
        }
    }

    /** @param location where the key stands */
    record Entry(SourceNode value, SourceLocation location) {}
}
