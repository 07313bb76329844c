package dev.starling.runtime.stats.render;

import java.util.List;

/** Names and labels by the rules of the exposition format. */
final class PrometheusText {

    private PrometheusText() {}

    /** Letters, digits and underscores; all else becomes an underscore. */
    static String name(String text) {
        StringBuilder name = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
            name.append(allowed ? c : '_');
        }
        return name.toString();
    }

    static String labels(List<Tag> tags) {
        StringBuilder labels = new StringBuilder();
        for (Tag tag : tags) {
            append(labels, name(tag.name()), tag.value());
        }
        return labels.toString();
    }

    /** The labels and one more. */
    static String with(String labels, String name, String value) {
        StringBuilder more = new StringBuilder(labels);
        append(more, name, value);
        return more.toString();
    }

    private static void append(StringBuilder labels, String name, String value) {
        labels.append(labels.isEmpty() ? "" : ",").append(name).append("=\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> labels.append("\\\\");
                case '"' -> labels.append("\\\"");
                case '\n' -> labels.append("\\n");
                default -> labels.append(c);
            }
        }
        labels.append('"');
    }
}
