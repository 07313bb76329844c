package dev.starling.config.accesslog;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The shape of a JSON log entry or local reply, with format strings where the values go. */
public sealed interface JsonTemplate {

    /** A string; with a single operator and nothing else, the value keeps the operator's type. */
    record Value(FormatString format) implements JsonTemplate {}

    record Numeral(double value) implements JsonTemplate {}

    enum Null implements JsonTemplate {
        NULL
    }

    record Bool(boolean value) implements JsonTemplate {}

    record Elements(List<JsonTemplate> elements) implements JsonTemplate {
        public Elements {
            elements = List.copyOf(elements);
        }
    }

    /** Sorted by key, as Envoy writes them. */
    record Fields(SortedMap<String, JsonTemplate> fields) implements JsonTemplate {
        public Fields {
            fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
        }

        public static Fields of(Map<String, JsonTemplate> fields) {
            return new Fields(new TreeMap<>(fields));
        }
    }
}
