package dev.starling.runtime.route;

import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import org.jspecify.annotations.Nullable;

/** Lists that may stand in several lines of a head. */
public final class HeaderLines {

    private HeaderLines() {}

    /** Makes one line of several, as Envoy does with the headers that it reads; null if there is none. */
    public static @Nullable String join(Headers headers, HeaderName name) {
        int first = headers.find(name, 0);
        if (first < 0) {
            return null;
        }
        if (headers.find(name, first + 1) < 0) {
            return headers.value(first);
        }
        String list = joined(headers, name);
        headers.set(name, list);
        return list;
    }

    /** All values of the name with commas between; empty if there is none. */
    static String joined(Headers headers, HeaderName name) {
        int i = headers.find(name, 0);
        if (i < 0) {
            return "";
        }
        String first = headers.value(i);
        i = headers.find(name, i + 1);
        if (i < 0) {
            return first;
        }
        StringBuilder list = new StringBuilder(first);
        for (; i >= 0; i = headers.find(name, i + 1)) {
            list.append(',').append(headers.value(i));
        }
        return list.toString();
    }

    /** Makes one line of the values there are and one more. */
    public static void append(Headers headers, HeaderName name, String value) {
        String list = joined(headers, name);
        headers.set(name, list.isEmpty() ? value : list + ',' + value);
    }
}
