package dev.starling.runtime.route;

import dev.starling.config.HeaderMutation;
import dev.starling.config.HeaderMutation.Append;
import dev.starling.config.HeaderMutations;
import dev.starling.config.accesslog.FormatString;
import dev.starling.runtime.accesslog.Formatter;
import dev.starling.runtime.accesslog.HeaderView;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one level of the configuration does to the headers of a message, as Envoy's header parser: removals, then all values
 * are computed from what is left, then those that overwrite are set, then the others are added.
 */
public final class HeaderEdits {

    private final HeaderName[] removals;
    private final Addition[] additions;

    static final HeaderEdits NONE = new HeaderEdits(new HeaderName[0], new Addition[0]);

    private HeaderEdits(HeaderName[] removals, Addition[] additions) {
        this.removals = removals;
        this.additions = additions;
    }

    public static HeaderEdits ofRequest(HeaderMutations mutations, Function<FormatString, Formatter> formats) {
        return compile(mutations.requestAdd(), mutations.requestRemove(), SingleLineHeaders.REQUEST, formats);
    }

    static HeaderEdits ofResponse(HeaderMutations mutations, Function<FormatString, Formatter> formats) {
        return compile(mutations.responseAdd(), mutations.responseRemove(), SingleLineHeaders.RESPONSE, formats);
    }

    private static HeaderEdits compile(
            List<HeaderMutation> additions,
            List<String> removals,
            Set<String> singleLine,
            Function<FormatString, Formatter> formats) {
        return new HeaderEdits(
                removals.stream().map(HeaderName::of).toArray(HeaderName[]::new),
                additions.stream()
                        .map(addition -> new Addition(addition, singleLine.contains(addition.name()), formats))
                        .toArray(Addition[]::new));
    }

    boolean isEmpty() {
        return removals.length == 0 && additions.length == 0;
    }

    public void apply(Headers headers, FormatContext context) {
        for (HeaderName name : removals) {
            headers.remove(name);
        }
        if (additions.length == 1) {
            additions[0].write(headers, additions[0].value(headers, context));
        } else if (additions.length > 1) {
            applyAdditions(headers, context);
        }
    }

    private void applyAdditions(Headers headers, FormatContext context) {
        @Nullable String[] values = new @Nullable String[additions.length];
        for (int i = 0; i < additions.length; i++) {
            values[i] = additions[i].value(headers, context);
        }
        for (int i = 0; i < additions.length; i++) {
            if (additions[i].overwrites) {
                additions[i].write(headers, values[i]);
            }
        }
        for (int i = 0; i < additions.length; i++) {
            if (!additions[i].overwrites) {
                additions[i].write(headers, values[i]);
            }
        }
    }

    /** One header to set or add; the value is computed once if it is the same for all exchanges. */
    private static final class Addition {

        private final HeaderName name;
        private final String constant;
        private final @Nullable Formatter format;
        private final boolean overwrites;
        private final boolean onlyIfAbsent;
        private final boolean onlyIfPresent;
        private final boolean keepEmpty;
        private final boolean singleLine;

        Addition(HeaderMutation mutation, boolean singleLine, Function<FormatString, Formatter> formats) {
            this.name = HeaderName.of(mutation.name());
            this.keepEmpty = mutation.keepEmptyValue();
            this.onlyIfAbsent = mutation.append() == Append.ADD_IF_ABSENT;
            this.onlyIfPresent = mutation.append() == Append.OVERWRITE_IF_EXISTS;
            this.overwrites = onlyIfPresent || mutation.append() == Append.OVERWRITE_IF_EXISTS_OR_ADD;
            this.singleLine = singleLine;
            boolean literal = mutation.value().isLiteral();
            this.constant = literal ? wireText(mutation.value()) : "";
            this.format = literal ? null : formats.apply(mutation.value());
        }

        /** The value to write, or null for none. */
        @Nullable
        String value(Headers headers, FormatContext context) {
            if ((onlyIfAbsent && headers.contains(name)) || (onlyIfPresent && !headers.contains(name))) {
                return null;
            }
            String value = format == null ? constant : formatted(format, context);
            return value.isEmpty() && !keepEmpty ? null : value;
        }

        private static String formatted(Formatter format, FormatContext context) {
            ResponseHead response = context.response();
            StringBuilder text = new StringBuilder(32);
            format.format(context.info(), context.request(), response == null ? HeaderView.NONE : response, text);
            return text.toString();
        }

        void write(Headers headers, @Nullable String value) {
            if (value == null) {
                return;
            }
            if (overwrites) {
                headers.set(name, value);
            } else if (singleLine) {
                HeaderLines.append(headers, name, value);
            } else {
                headers.add(name, value);
            }
        }

        /** The text as UTF-8, one character a byte, as {@link Headers} take it. */
        private static String wireText(FormatString literals) {
            StringBuilder text = new StringBuilder();
            for (FormatString.Segment segment : literals.segments()) {
                if (segment instanceof FormatString.Literal(var literal)) {
                    text.append(literal);
                }
            }
            return new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        }
    }
}
