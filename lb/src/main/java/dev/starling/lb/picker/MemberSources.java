package dev.starling.lb.picker;

import dev.starling.config.Locality;
import dev.starling.lb.EndpointList;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.HealthLists;
import dev.starling.lb.LocalityGroup;
import dev.starling.lb.PriorityEndpoints;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lists that picks may be made from. A list goes on where it was while its priority and locality exist, whether it
 * is picked from at present or not.
 */
final class MemberSources {

    private final MemberRule rule;
    private final boolean byLocality;

    private Map<Key, MemberSource> sources = Map.of();

    MemberSources(MemberRule rule, boolean byLocality) {
        this.rule = rule;
        this.byLocality = byLocality;
    }

    void update(EndpointSet endpoints) {
        Map<Key, MemberSource> updated = new HashMap<>();
        for (PriorityEndpoints group : endpoints.priorities()) {
            for (Availability availability : Availability.values()) {
                update(updated, new Key(group.priority(), availability, null), group.lists());
                if (byLocality && availability != Availability.ANY) {
                    for (LocalityGroup locality : group.localities()) {
                        Key key = new Key(group.priority(), availability, locality.locality());
                        update(updated, key, locality.lists());
                    }
                }
            }
        }
        sources = updated;
    }

    private void update(Map<Key, MemberSource> updated, Key key, HealthLists lists) {
        EndpointList members = key.availability().of(lists);
        MemberSource source = sources.get(key);
        if (source == null) {
            source = new MemberSource(rule, members);
        } else {
            source.update(members);
        }
        updated.put(key, source);
    }

    /** A list of a whole priority. */
    MemberSource ofPriority(int priority, Availability availability) {
        return get(new Key(priority, availability, null));
    }

    /** A list of one locality of a priority, where balancing is by locality. */
    MemberSource ofLocality(int priority, Availability availability, Locality locality) {
        return get(new Key(priority, availability, locality));
    }

    private MemberSource get(Key key) {
        return Objects.requireNonNull(sources.get(key), () -> "no list for " + key);
    }

    /** Which endpoints of a group are wanted. */
    enum Availability {
        HEALTHY,
        DEGRADED,
        ANY;

        EndpointList of(HealthLists lists) {
            return switch (this) {
                case HEALTHY -> lists.healthy();
                case DEGRADED -> lists.degraded();
                case ANY -> lists.all();
            };
        }
    }

    private record Key(
            int priority,
            Availability availability,
            @Nullable Locality locality) {}
}
