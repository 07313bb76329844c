package dev.starling.config;

import dev.starling.config.accesslog.FormatString;

/**
 * A header to set, with Envoy's rule for what is already there.
 *
 * @param name lower case, never a pseudo-header or {@code host}
 * @param value may contain operators
 */
public record HeaderMutation(String name, FormatString value, Append append, boolean keepEmptyValue) {

    /** {@code HeaderValueOption.HeaderAppendAction}. */
    public enum Append {
        APPEND_IF_EXISTS_OR_ADD,
        ADD_IF_ABSENT,
        OVERWRITE_IF_EXISTS_OR_ADD,
        OVERWRITE_IF_EXISTS
    }
}
