package dev.starling.runtime.accesslog;

import org.jspecify.annotations.Nullable;

/** The headers of a message, to look at. Values are as on the wire, one character a byte. */
@FunctionalInterface
public interface HeaderView {

    HeaderView NONE = name -> null;

    /** The first value of a header; pseudo-headers such as {@code :path} included. */
    @Nullable
    String get(String lowerCaseName);

    /** All values of a header with commas between them; null if it has none. */
    default @Nullable String joined(String lowerCaseName) {
        return get(lowerCaseName);
    }
}
