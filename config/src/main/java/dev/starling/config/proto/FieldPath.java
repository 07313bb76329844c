package dev.starling.config.proto;

import com.google.re2j.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a message, in Envoy's spelling. A linked list from the leaf upwards, so that walking a large configuration
 * builds no strings; only a problem's path is ever printed.
 */
public final class FieldPath {

    public static final FieldPath ROOT = new FieldPath(null, "", -1, null);

    /** Where walks give up: messages off the wire may nest without end through {@code Any}. */
    public static final int MAX_DEPTH = 200;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_@-]+");

    private final @Nullable FieldPath parent;
    private final String name;
    private final int index;
    private final @Nullable String key;
    private final int depth;

    private FieldPath(@Nullable FieldPath parent, String name, int index, @Nullable String key) {
        this.parent = parent;
        this.name = name;
        this.index = index;
        this.key = key;
        this.depth = parent == null ? 0 : parent.depth + 1;
    }

    /** How many fields lead here. */
    public int depth() {
        return depth;
    }

    /** {@code name} below this place. */
    public FieldPath field(String fieldName) {
        return new FieldPath(this, fieldName, -1, null);
    }

    /** {@code name[3]} below this place. */
    public FieldPath field(String fieldName, int elementIndex) {
        return new FieldPath(this, fieldName, elementIndex, null);
    }

    /** A key as somebody wrote it, which need not be the name of a field: {@code name} or {@code ["odd name"]}. */
    public FieldPath written(String anyKey) {
        return NAME.matches(anyKey) ? field(anyKey) : entry("", anyKey);
    }

    /** {@code name["key"]} below this place: an entry of a map. */
    public FieldPath entry(String fieldName, String mapKey) {
        return new FieldPath(this, fieldName, -1, mapKey);
    }

    /** {@code static_resources.listeners[0].address}; empty for the root. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        append(text);
        return text.toString();
    }

    private void append(StringBuilder text) {
        if (parent == null) {
            return;
        }
        parent.append(text);
        if (!text.isEmpty() && !name.isEmpty()) {
            text.append('.');
        }
        text.append(name);
        if (index >= 0) {
            text.append('[').append(index).append(']');
        }
        if (key != null) {
            text.append("[\"")
                    .append(key.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append("\"]");
        }
    }
}
