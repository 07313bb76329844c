package dev.starling.lb;

import dev.starling.config.Locality;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The endpoints of one priority, as one endpoint set has them. */
public final class PriorityEndpoints {

    private final int[] localityOfMember;
    private final HealthLists lists;
    private final List<LocalityGroup> localities;

    private PriorityEndpoints(int[] localityOfMember, HealthLists lists, List<LocalityGroup> localities) {
        this.localityOfMember = localityOfMember;
        this.lists = lists;
        this.localities = localities;
    }

    @SuppressWarnings("ReferenceEquality") // of what differs by identity it is found out whether it is equal
    static PriorityEndpoints of(int priority, EndpointList members, LocalityWeights weights) {
        int[] localityOfMember = new int[members.size()];
        Map<Locality, Integer> positions = new HashMap<>();
        List<Locality> localities = new ArrayList<>();
        List<EndpointList.Builder> parts = new ArrayList<>();
        Locality last = null;
        int position = 0;
        for (int i = 0; i < localityOfMember.length; i++) {
            Locality locality = members.get(i).locality();
            if (locality != last) { // mostly it is that of the one before, and need not be looked up
                position = positions.computeIfAbsent(locality, added -> localities.size());
                last = locality;
            }
            if (position == localities.size()) {
                localities.add(locality);
                parts.add(new EndpointList.Builder());
            }
            localityOfMember[i] = position;
            parts.get(position).add(members.get(i));
        }
        List<LocalityGroup> groups = new ArrayList<>(localities.size());
        for (Locality locality : localities) {
            EndpointList part = parts.get(groups.size()).buildOr(members);
            groups.add(new LocalityGroup(locality, weights.weight(priority, locality), HealthLists.unsorted(part)));
        }
        return sorted(localityOfMember, members, groups);
    }

    PriorityEndpoints withHealthRefreshed() {
        return sorted(localityOfMember, lists.all(), localities);
    }

    private static PriorityEndpoints sorted(
            int[] localityOfMember, EndpointList members, List<LocalityGroup> localities) {
        HealthLists.Gatherer whole = new HealthLists.Gatherer();
        HealthLists.Gatherer[] parts = new HealthLists.Gatherer[localities.size()];
        Arrays.setAll(parts, i -> parts.length == 1 ? whole : new HealthLists.Gatherer());
        for (int i = 0; i < localityOfMember.length; i++) {
            Endpoint endpoint = members.get(i);
            // Read once, so that an endpoint is in the same list of its priority and of its locality.
            int flags = endpoint.state().healthFlags();
            whole.add(endpoint, flags);
            if (parts.length > 1) {
                parts[localityOfMember[i]].add(endpoint, flags);
            }
        }
        HealthLists lists = whole.build(members);
        List<LocalityGroup> groups = new ArrayList<>(parts.length);
        for (LocalityGroup group : localities) {
            HealthLists ofGroup = parts.length == 1
                    ? lists
                    : parts[groups.size()].build(group.lists().all());
            groups.add(new LocalityGroup(group.locality(), group.weight(), ofGroup));
        }
        return new PriorityEndpoints(localityOfMember, lists, List.copyOf(groups));
    }

    public HealthLists lists() {
        return lists;
    }

    /** In the order in which the load assignment mentions them. */
    public List<LocalityGroup> localities() {
        return localities;
    }
}
