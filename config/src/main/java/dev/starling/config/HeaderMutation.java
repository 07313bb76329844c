package dev.starling.config;

/**
 * A header to set, with Envoy's rule for what is already there.
 *
 * @param name lower case, never a pseudo-header or {@code host}
 * @param value format string with access-log operators, parsed by {@code http.format}
 */
public record HeaderMutation(String name, String value, Append append, boolean keepEmptyValue) {

    /** {@code HeaderValueOption.HeaderAppendAction}. */
    public enum Append {
        APPEND_IF_EXISTS_OR_ADD,
        ADD_IF_ABSENT,
        OVERWRITE_IF_EXISTS_OR_ADD,
        OVERWRITE_IF_EXISTS
    }
}
