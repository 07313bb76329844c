package dev.starling.runtime.accesslog;

import dev.starling.runtime.text.JsonText;
import java.util.Map;
import java.util.TreeMap;

/** What listener filters found of the client's connection: all of a namespace as JSON, or one text of it. */
final class MetadataField {

    private MetadataField() {}

    /** @param argument {@code NAMESPACE} or {@code NAMESPACE:KEY}; there are no values inside of values */
    static Field of(String argument) {
        int colon = argument.indexOf(':');
        if (colon < 0) {
            return new JsonField(info -> object(info, argument));
        }
        String namespace = argument.substring(0, colon);
        String key = argument.substring(colon + 1);
        return (info, request, response, out) -> {
            if (!(values(info, namespace).get(key) instanceof String text)) {
                return false;
            }
            out.append(Utf8Chars.of(text));
            return true;
        };
    }

    private static Map<String, Object> values(StreamInfo info, String namespace) {
        return info.downstream.metadata().filterMetadata().getOrDefault(namespace, Map.of());
    }

    private static String object(StreamInfo info, String namespace) {
        Map<String, Object> values = values(info, namespace);
        if (values.isEmpty()) {
            return "";
        }
        StringBuilder json = new StringBuilder("{");
        new TreeMap<>(values).forEach((key, value) -> {
            json.append(json.length() > 1 ? "," : "");
            JsonText.appendQuoted(json, Utf8Chars.of(key));
            json.append(':');
            JsonText.appendQuoted(json, Utf8Chars.of(value.toString()));
        });
        return json.append('}').toString();
    }
}
