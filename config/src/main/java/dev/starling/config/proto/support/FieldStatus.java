package dev.starling.config.proto.support;

import java.util.Set;

/** What this build does with one field. */
public sealed interface FieldStatus {

    /** @param values the only enum values that are honoured; empty for all */
    record Honoured(Set<String> values) implements FieldStatus {
        public Honoured {
            values = Set.copyOf(values);
        }
    }

    /** @param reason why it may be set and changes nothing */
    record Accepted(String reason) implements FieldStatus {}

    /** @param isProtective whether it must not be skipped even where unsupported fields are */
    record Unsupported(boolean isProtective) implements FieldStatus {}
}
