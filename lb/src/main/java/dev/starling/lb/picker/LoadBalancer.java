package dev.starling.lb.picker;

import dev.starling.config.Locality;
import dev.starling.config.cluster.CommonLb;
import dev.starling.config.cluster.LbPolicy;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointList;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.HealthLists;
import dev.starling.lb.LocalityGroup;
import dev.starling.lb.Pick;
import dev.starling.lb.PriorityEndpoints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses endpoints of one cluster for the requests of one event loop, and is confined to it. A pick decides two things
 * apart from each other: which list (priority, then panic, locality or simply health) and which member of it (by the
 * policy). All that depends on the endpoint set alone is decided when it changes; a pick allocates nothing.
 */
public final class LoadBalancer {

    private final CommonLb common;
    private final MemberRule rule;
    private final RandomGenerator random;
    private final LbStats stats;

    private Map<SourceKey, MemberSource> sources = Map.of();
    private PriorityLoad load = PriorityLoad.of(EndpointSet.EMPTY, 0);
    private ListChoice[] choices = new ListChoice[0];
    private @Nullable ListChoice only;

    private LoadBalancer(CommonLb common, MemberRule rule, RandomGenerator random, LbStats stats) {
        this.common = common;
        this.rule = rule;
        this.random = random;
        this.stats = stats;
        update(EndpointSet.EMPTY);
    }

    /**
     * @param random of this event loop
     * @param nanoTicker asked only where slow start is configured
     */
    public static LoadBalancer create(
            LbPolicy policy, CommonLb common, RandomGenerator random, LongSupplier nanoTicker, LbStats stats) {
        return new LoadBalancer(common, MemberRule.of(policy, random, nanoTicker), random, stats);
    }

    /** Picks are made from these endpoints from now on; what round robin has reached in a list is kept. */
    public void update(EndpointSet endpoints) {
        rule.weight().admit(endpoints);
        load = PriorityLoad.of(
                endpoints, (int) Math.round(common.panicThreshold().value()));
        Sources next = new Sources(sources);
        int priorities = endpoints.priorities().size();
        choices = new ListChoice[2 * priorities];
        only = null;
        for (int p = 0; p < priorities; p++) {
            choices[p] = choice(endpoints, p, Availability.HEALTHY, next);
            choices[priorities + p] = choice(endpoints, p, Availability.DEGRADED, next);
            if (load.healthy(p) == 100) {
                only = choices[p];
            } else if (load.degraded(p) == 100) {
                only = choices[priorities + p];
            }
        }
        sources = next.inUse;
    }

    public Pick pick() {
        Endpoint endpoint = pickOnce();
        return endpoint == null ? Pick.NoEndpoint.NO_HEALTHY_UPSTREAM : endpoint;
    }

    public Pick pick(PickContext context) {
        Endpoint endpoint = pickOnce();
        for (int i = 1; i < context.attempts() && endpoint != null && context.rejects(endpoint); i++) {
            endpoint = pickOnce();
        }
        return endpoint == null ? Pick.NoEndpoint.NO_HEALTHY_UPSTREAM : endpoint;
    }

    private @Nullable Endpoint pickOnce() {
        ListChoice choice = only;
        return choice != null ? choice.pick() : choices[load.choose(random.nextInt(100))].pick();
    }

    private ListChoice choice(EndpointSet endpoints, int priority, Availability availability, Sources next) {
        PriorityEndpoints group = endpoints.priorities().get(priority);
        if (load.inPanic(priority)) {
            return new ListChoice.Panic(next.source(priority, Availability.ANY, null, group.lists()), stats);
        }
        if (common.localityWeighted()) {
            List<ListChoice.LocalityWeighted.Share> shares = new ArrayList<>();
            for (LocalityGroup locality : group.localities()) {
                double weight = weight(locality, availability, endpoints.overprovisioningFactor());
                if (weight > 0) {
                    MemberSource members = next.source(priority, availability, locality.locality(), locality.lists());
                    shares.add(new ListChoice.LocalityWeighted.Share(weight, members));
                }
            }
            if (!shares.isEmpty()) {
                return new ListChoice.LocalityWeighted(
                        EdfSchedule.started(shares, ListChoice.LocalityWeighted.Share::weight, rule.seed()));
            }
        }
        return new ListChoice.Whole(next.source(priority, availability, null, group.lists()));
    }

    /** A locality keeps its whole weight until more is unavailable than the overprovisioning factor allows for. */
    private static double weight(LocalityGroup locality, Availability availability, int overprovisioningFactor) {
        HealthLists lists = locality.lists();
        if (lists.counted() == 0) {
            return 0;
        }
        double available = 1.0 * availability.of(lists).size() / lists.counted();
        return locality.weight() * Math.min(1, overprovisioningFactor / 100.0 * available);
    }

    /** Which endpoints of a group are wanted. */
    private enum Availability {
        HEALTHY(HealthLists::healthy),
        DEGRADED(HealthLists::degraded),
        ANY(HealthLists::all);

        private final Function<HealthLists, EndpointList> list;

        Availability(Function<HealthLists, EndpointList> list) {
            this.list = list;
        }

        EndpointList of(HealthLists lists) {
            return list.apply(lists);
        }
    }

    /** @param locality null for a list of the whole priority */
    private record SourceKey(
            int priority,
            Availability availability,
            @Nullable Locality locality) {}

    /** The lists in use after an update: those there were go on, with their new members. */
    private final class Sources {

        private final Map<SourceKey, MemberSource> before;
        private final Map<SourceKey, MemberSource> inUse = new HashMap<>();

        Sources(Map<SourceKey, MemberSource> before) {
            this.before = before;
        }

        MemberSource source(int priority, Availability availability, @Nullable Locality locality, HealthLists lists) {
            SourceKey key = new SourceKey(priority, availability, locality);
            return inUse.computeIfAbsent(key, added -> {
                EndpointList members = availability.of(lists);
                MemberSource known = before.get(key);
                if (known == null) {
                    return new MemberSource(rule, members);
                }
                known.update(members);
                return known;
            });
        }
    }
}
