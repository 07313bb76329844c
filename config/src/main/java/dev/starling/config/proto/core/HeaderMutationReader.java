package dev.starling.config.proto.core;

import dev.starling.config.HeaderMutation;
import dev.starling.config.HeaderMutation.Append;
import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what is added to headers and removed from them. */
@SuppressWarnings("deprecation") // Envoy still reads its deprecated fields, and so do we
public final class HeaderMutationReader {

    private HeaderMutationReader() {}

    /** Leaves out what has a problem. */
    public static List<HeaderMutation> additions(
            List<HeaderValueOption> messages, ValidationContext context, String field) {
        return Elements.read(messages, context, field, HeaderMutationReader::addition);
    }

    /** Leaves out what has a problem. */
    public static List<String> removals(List<String> names, ValidationContext context, String field) {
        return Elements.read(names, context, field, (name, at) -> name(name, "removed", at));
    }

    private static @Nullable HeaderMutation addition(HeaderValueOption message, ValidationContext context) {
        var header = context.field("header");
        var name = name(message.getHeader().getKey(), "modified", header.field("key"));
        var value = FormatReader.read(message.getHeader().getValue(), header.field("value"));
        if (message.hasAppend() && message.getAppendAction() != HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD) {
            context.problem("Both append and append_action are set and it's not allowed");
        }
        return name == null || value == null
                ? null
                : new HeaderMutation(name, value, append(message), message.getKeepEmptyValue());
    }

    private static Append append(HeaderValueOption message) {
        return switch (message.getAppendAction()) {
            case APPEND_IF_EXISTS_OR_ADD, UNRECOGNIZED ->
                message.hasAppend() && !message.getAppend().getValue()
                        ? Append.OVERWRITE_IF_EXISTS_OR_ADD
                        : Append.APPEND_IF_EXISTS_OR_ADD;
            case ADD_IF_ABSENT -> Append.ADD_IF_ABSENT;
            case OVERWRITE_IF_EXISTS_OR_ADD -> Append.OVERWRITE_IF_EXISTS_OR_ADD;
            case OVERWRITE_IF_EXISTS -> Append.OVERWRITE_IF_EXISTS;
        };
    }

    private static @Nullable String name(String written, String done, ValidationContext context) {
        String name = written.toLowerCase(Locale.ROOT);
        if (name.startsWith(":") || name.equals("host")) {
            context.problem(":-prefixed or host headers may not be " + done);
            return null;
        }
        return HeaderNameReader.read(written, context);
    }
}
