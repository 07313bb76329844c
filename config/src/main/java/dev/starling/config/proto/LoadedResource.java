package dev.starling.config.proto;

import dev.starling.config.Problem;
import java.util.List;

/**
 * One resource that was checked and translated.
 *
 * @param warnings what was accepted with a remark, to be logged
 * @param ignoredFields how many fields were skipped because they are unknown or not supported
 */
public record LoadedResource<R>(R resource, List<Problem> warnings, int ignoredFields) {

    public LoadedResource {
        warnings = List.copyOf(warnings);
    }

    /** Whether reading it again would say nothing. */
    public boolean isPlain() {
        return warnings.isEmpty() && ignoredFields == 0;
    }
}
