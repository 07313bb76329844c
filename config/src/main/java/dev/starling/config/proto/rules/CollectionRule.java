package dev.starling.config.proto.rules;

import io.envoyproxy.pgv.validate.Validate.MapRules;
import io.envoyproxy.pgv.validate.Validate.RepeatedRules;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many elements a list or map has, and whether they differ. */
public record CollectionRule(long least, long most, boolean isUnique, boolean ignoresEmpty) {

    static CollectionRule of(RepeatedRules rules) {
        return new CollectionRule(
                rules.getMinItems(),
                rules.hasMaxItems() ? rules.getMaxItems() : Long.MAX_VALUE,
                rules.getUnique(),
                rules.getIgnoreEmpty());
    }

    static CollectionRule of(MapRules rules) {
        return new CollectionRule(
                rules.getMinPairs(),
                rules.hasMaxPairs() ? rules.getMaxPairs() : Long.MAX_VALUE,
                false,
                rules.getIgnoreEmpty());
    }

    /** Whether there must be some. */
    public boolean needsAny() {
        return least > 0 && !ignoresEmpty;
    }

    /** Whether, where there are some, it matters how many. */
    public boolean hasBounds() {
        return least > 1 || most < Long.MAX_VALUE;
    }

    @Nullable
    String violation(List<?> elements) {
        int size = elements.size();
        if (size == 0 && ignoresEmpty) {
            return null;
        }
        if (size < least) {
            return "needs at least " + least + (least == 1 ? " entry" : " entries");
        }
        if (size > most) {
            return "takes at most " + most + (most == 1 ? " entry" : " entries");
        }
        return isUnique && new HashSet<>(elements).size() < size ? "has the same entry twice" : null;
    }
}
