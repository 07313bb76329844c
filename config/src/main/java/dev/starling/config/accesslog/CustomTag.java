package dev.starling.config.accesslog;

/** {@code envoy.type.tracing.v3.CustomTag}: a text under a name. A text that is empty is left out. */
public record CustomTag(String tag, Source source) {

    /** Where the text is from. */
    public sealed interface Source {
        record Literal(String value) implements Source {}

        record Environment(String name, String otherwise) implements Source {}

        /** @param name in lower case */
        record RequestHeader(String name, String otherwise) implements Source {}
    }
}
