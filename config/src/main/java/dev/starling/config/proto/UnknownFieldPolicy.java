package dev.starling.config.proto;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.function.Predicate;

/**
 * Applies {@link UnknownFields} to one field after the other.
 *
 * @param isProtective messages of which nothing may be skipped, whatever the mode
 */
public record UnknownFieldPolicy(UnknownFields mode, Predicate<Descriptor> isProtective, Problems problems) {

    /** @param in the message the field stands in */
    public void apply(Descriptor in, FieldPath path, String message) {
        if (mode == UnknownFields.REJECT || isProtective.test(in)) {
            problems.error(path, message);
        } else {
            apply(path, message);
        }
    }

    /** For a field that protects nothing. */
    public void apply(FieldPath path, String message) {
        if (mode == UnknownFields.REJECT) {
            problems.error(path, message);
            return;
        }
        problems.countIgnoredField();
        if (mode == UnknownFields.WARN) {
            problems.warning(path, message + "; ignored");
        }
    }
}
