package dev.starling.runtime.accesslog;

import java.util.List;

/** A part of a JSON entry. Appends itself, or nothing at all and says so: then it is left out of what surrounds it. */
sealed interface JsonNode {

    boolean append(StreamInfo info, HeaderView request, HeaderView response, StringBuilder out);

    /** What is the same in every entry. */
    record Constant(String json) implements JsonNode {
        @Override
        public boolean append(StreamInfo info, HeaderView request, HeaderView response, StringBuilder out) {
            out.append(json);
            return true;
        }
    }

    /** A null that is left out, where empty values are. */
    enum Nothing implements JsonNode {
        NOTHING;

        @Override
        public boolean append(StreamInfo info, HeaderView request, HeaderView response, StringBuilder out) {
            return false;
        }
    }

    /** One operator and nothing else: it keeps its type. */
    record Single(Field field, boolean omitEmpty) implements JsonNode {
        @Override
        public boolean append(StreamInfo info, HeaderView request, HeaderView response, StringBuilder out) {
            int start = out.length();
            if (!field.isJson()) {
                out.append('"');
            }
            int value = out.length();
            boolean known = field.append(info, request, response, out);
            if (!known || (field.isJson() && out.length() == value)) {
                out.setLength(start);
                if (!omitEmpty) {
                    out.append("null");
                }
                return !omitEmpty;
            }
            if (!field.isJson()) {
                JsonBytes.escape(out, value);
                out.append('"');
            }
            return true;
        }
    }

    /** Literals, already escaped, and operators in one string. */
    record Mixed(List<Part> parts, String missing) implements JsonNode {

        /** A literal or a field. */
        record Part(Field field, boolean literal) {}

        @Override
        public boolean append(StreamInfo info, HeaderView request, HeaderView response, StringBuilder out) {
            out.append('"');
            for (int i = 0; i < parts.size(); i++) {
                Part part = parts.get(i);
                int start = out.length();
                if (!part.field.append(info, request, response, out)) {
                    out.append(missing);
                } else if (!part.literal) {
                    JsonBytes.escape(out, start);
                }
            }
            out.append('"');
            return true;
        }
    }

    /** A list; what is left out of it leaves no gap. */
    record Elements(List<JsonNode> nodes) implements JsonNode {
        @Override
        public boolean append(StreamInfo info, HeaderView request, HeaderView response, StringBuilder out) {
            out.append('[');
            int start = out.length();
            for (int i = 0; i < nodes.size(); i++) {
                int before = out.length();
                out.append(before == start ? "" : ",");
                if (!nodes.get(i).append(info, request, response, out)) {
                    out.setLength(before);
                }
            }
            out.append(']');
            return true;
        }
    }

    /**
     * An object, its keys quoted and sorted.
     *
     * @param omitEmpty without any field it is left out itself
     */
    record Fields(List<String> keys, List<JsonNode> nodes, boolean omitEmpty) implements JsonNode {
        @Override
        public boolean append(StreamInfo info, HeaderView request, HeaderView response, StringBuilder out) {
            out.append('{');
            int start = out.length();
            for (int i = 0; i < nodes.size(); i++) {
                int before = out.length();
                out.append(before == start ? "" : ",").append(keys.get(i)).append(':');
                if (!nodes.get(i).append(info, request, response, out)) {
                    out.setLength(before);
                }
            }
            if (omitEmpty && out.length() == start) {
                out.setLength(start - 1);
                return false;
            }
            out.append('}');
            return true;
        }
    }
}
