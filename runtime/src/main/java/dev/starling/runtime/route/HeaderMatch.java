package dev.starling.runtime.route;

import dev.starling.config.matcher.HeaderMatcher;
import dev.starling.config.matcher.HeaderMatcher.Rule;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * A header matcher. Of a header that is repeated one value that matches suffices; inverted, none may. A missing header does
 * not match, inverted or not, unless presence is what is asked or it is to be treated as empty.
 */
public final class HeaderMatch {

    private final HeaderMatcher config;
    /** Null for what is not among the headers but in the head itself. */
    private final @Nullable HeaderName name;

    public HeaderMatch(HeaderMatcher config) {
        this.config = config;
        this.name = config.name().startsWith(":") || config.name().equals("host") ? null : HeaderName.of(config.name());
    }

    public boolean matches(RequestHead head) {
        return name == null ? matches(head.get(config.name())) : matches(name, head.headers());
    }

    public boolean matches(ResponseHead head) {
        return name == null ? matches(head.get(config.name())) : matches(name, head.headers());
    }

    private boolean matches(@Nullable String value) {
        return (value == null || value.isEmpty()) ? missing() : holds(value) != config.invert();
    }

    private boolean matches(HeaderName name, Headers headers) {
        int i = headers.find(name, 0);
        if (i < 0) {
            return missing();
        }
        if (config.rule() instanceof Rule.Present(boolean present)) {
            return present != config.invert();
        }
        while (i >= 0) {
            if (holds(headers.value(i))) {
                return !config.invert();
            }
            i = headers.find(name, i + 1);
        }
        return config.invert();
    }

    private boolean missing() {
        if (config.treatMissingAsEmpty()) {
            return holds("") != config.invert();
        }
        return config.rule() instanceof Rule.Present(boolean present) && present == config.invert();
    }

    private boolean holds(String value) {
        return switch (config.rule()) {
            case Rule.Present(boolean present) -> present;
            case Rule.Text(var matcher) -> matcher.matches(value);
            case Rule.Range(long start, long end) -> inRange(value, start, end);
        };
    }

    private static boolean inRange(String value, long start, long end) {
        try {
            long number = Long.parseLong(value.strip());
            return number >= start && number < end;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }
}
