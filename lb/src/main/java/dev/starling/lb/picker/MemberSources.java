package dev.starling.lb.picker;

import dev.starling.config.Locality;
import dev.starling.lb.EndpointList;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.HealthLists;
import dev.starling.lb.LocalityGroup;
import dev.starling.lb.PriorityEndpoints;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
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

    private List<Map<Availability, MemberSource>> ofPriorities = List.of();
    private Map<Key, MemberSource> ofLocalities = Map.of();

    MemberSources(MemberRule rule, boolean byLocality) {
        this.rule = rule;
        this.byLocality = byLocality;
    }

    void update(EndpointSet endpoints) {
        List<Map<Availability, MemberSource>> updated = new ArrayList<>();
        Map<Key, MemberSource> updatedLocalities = new HashMap<>();
        for (PriorityEndpoints group : endpoints.priorities()) {
            int priority = updated.size();
            Map<Availability, MemberSource> before =
                    priority < ofPriorities.size() ? ofPriorities.get(priority) : Map.of();
            Map<Availability, MemberSource> ofPriority = new EnumMap<>(Availability.class);
            for (Availability availability : Availability.VALUES) {
                ofPriority.put(availability, updated(before.get(availability), availability.of(group.lists())));
                if (byLocality && availability != Availability.ANY) {
                    for (LocalityGroup locality : group.localities()) {
                        Key key = new Key(priority, availability, locality.locality());
                        updatedLocalities.put(key, updated(ofLocalities.get(key), availability.of(locality.lists())));
                    }
                }
            }
            updated.add(ofPriority);
        }
        ofPriorities = updated;
        ofLocalities = updatedLocalities;
    }

    private MemberSource updated(@Nullable MemberSource source, EndpointList members) {
        if (source == null) {
            return new MemberSource(rule, members);
        }
        source.update(members);
        return source;
    }

    /** A list of a whole priority. */
    MemberSource ofPriority(int priority, Availability availability) {
        return Objects.requireNonNull(ofPriorities.get(priority).get(availability));
    }

    /** A list of one locality of a priority, where balancing is by locality. */
    MemberSource ofLocality(int priority, Availability availability, Locality locality) {
        Key key = new Key(priority, availability, locality);
        return Objects.requireNonNull(ofLocalities.get(key), () -> "no list for " + key);
    }

    /** Which endpoints of a group are wanted. */
    enum Availability {
        HEALTHY,
        DEGRADED,
        ANY;

        private static final List<Availability> VALUES = List.of(values());

        EndpointList of(HealthLists lists) {
            return switch (this) {
                case HEALTHY -> lists.healthy();
                case DEGRADED -> lists.degraded();
                case ANY -> lists.all();
            };
        }
    }

    private record Key(int priority, Availability availability, Locality locality) {}
}
