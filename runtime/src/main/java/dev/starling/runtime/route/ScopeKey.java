package dev.starling.runtime.route;

import dev.starling.config.route.ScopedRoutes.Element;
import dev.starling.config.route.ScopedRoutes.KeyPart;
import dev.starling.runtime.message.RequestHead;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the key of a request's scope of its headers (Envoy: {@code ScopeKeyBuilderImpl}). */
final class ScopeKey {

    private final KeyPart[] parts;

    ScopeKey(List<KeyPart> parts) {
        this.parts = parts.toArray(KeyPart[]::new);
    }

    /** Null if a part of it is not there. */
    @Nullable
    List<String> of(RequestHead head) {
        List<String> key = new ArrayList<>(parts.length);
        for (KeyPart part : parts) {
            String value = head.get(part.header());
            String found = value == null ? null : find(part, value);
            if (found == null) {
                return null;
            }
            key.add(found);
        }
        return key;
    }

    private static @Nullable String find(KeyPart part, String value) {
        int index = 0;
        int start = 0;
        while (start <= value.length()) {
            int end = part.separator().isEmpty() ? -1 : value.indexOf(part.separator(), start);
            String element = end < 0 ? value.substring(start) : value.substring(start, end);
            switch (part.element()) {
                case Element.At(int wanted) -> {
                    if (index == wanted) {
                        return element;
                    }
                }
                case Element.Of(var key, var separator) -> {
                    int split = element.indexOf(separator);
                    if (split >= 0 && element.substring(0, split).equals(key)) {
                        return element.substring(split + separator.length());
                    }
                }
            }
            if (end < 0) {
                return null;
            }
            index++;
            start = end + part.separator().length();
        }
        return null;
    }
}
