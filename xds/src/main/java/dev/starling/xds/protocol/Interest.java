package dev.starling.xds.protocol;

import dev.starling.xds.resource.ResourceName;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * Which resources of a type are wanted.
 *
 * @param all whatever there is, beside the names
 * @param names canonical, in the order in which they were first wanted
 */
public record Interest(boolean all, SequencedSet<String> names) {

    public static final Interest NONE = new Interest(false, new LinkedHashSet<>());
    public static final Interest ALL = new Interest(true, new LinkedHashSet<>());

    public Interest {
        names = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(names));
    }

    public static Interest in(Collection<String> names) {
        return new Interest(false, new LinkedHashSet<>(names));
    }

    public boolean isEmpty() {
        return !all && names.isEmpty();
    }

    /** Whether this name, or a collection that it is in, is wanted. */
    public boolean covers(String name) {
        return all || names.contains(name) || names.contains(ResourceName.collectionOf(name));
    }
}
