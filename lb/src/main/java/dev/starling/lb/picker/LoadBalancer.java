package dev.starling.lb.picker;

import dev.starling.config.RuntimeDouble;
import dev.starling.config.cluster.CommonLb;
import dev.starling.config.cluster.LbPolicy;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointSet;
import dev.starling.lb.LocalityGroup;
import dev.starling.lb.Pick;
import dev.starling.lb.PriorityEndpoints;
import dev.starling.lb.picker.ListChoice.LocalityWeighted;
import dev.starling.lb.picker.MemberSources.Availability;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
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
    private final MemberSources sources;
    private final RandomGenerator random;
    private final LbStats stats;

    private PriorityLoad load = PriorityLoad.of(EndpointSet.EMPTY, 0);

    /** By what {@link PriorityLoad#choose} says. */
    private ListChoice[] choices = new ListChoice[0];

    /** Where all requests go, if the load is not shared: then there is nothing to draw. */
    private @Nullable ListChoice only;

    private LoadBalancer(CommonLb common, MemberRule rule, RandomGenerator random, LbStats stats) {
        this.common = common;
        this.rule = rule;
        this.sources = new MemberSources(rule, common.localityWeighted());
        this.random = random;
        this.stats = stats;
    }

    /**
     * A balancer with nothing to pick from yet.
     *
     * @param runtime what a number of the policy is now
     * @param random of this event loop
     * @param nanoTicker asked only where slow start is configured
     */
    public static LoadBalancer create(
            LbPolicy policy,
            CommonLb common,
            ToDoubleFunction<RuntimeDouble> runtime,
            RandomGenerator random,
            LongSupplier nanoTicker,
            LbStats stats) {
        MemberRule rule = MemberRule.of(policy, runtime, random, nanoTicker);
        LoadBalancer balancer = new LoadBalancer(common, rule, random, stats);
        balancer.update(EndpointSet.EMPTY);
        return balancer;
    }

    /** Picks are made from these endpoints from now on; what round robin has reached in a list is kept. */
    public void update(EndpointSet endpoints) {
        rule.weight().admit(endpoints);
        sources.update(endpoints);
        // Envoy cuts the fraction off: 49.9 is 49.
        load = PriorityLoad.of(endpoints, (int) common.panicThreshold().value());
        int priorities = endpoints.priorities().size();
        choices = new ListChoice[2 * priorities];
        only = null;
        for (int p = 0; p < priorities; p++) {
            choices[p] = choice(endpoints, p, Availability.HEALTHY);
            choices[priorities + p] = choice(endpoints, p, Availability.DEGRADED);
            if (load.healthy(p) == 100) {
                only = choices[p];
            } else if (load.degraded(p) == 100) {
                only = choices[priorities + p];
            }
        }
    }

    public Pick pick() {
        return orNone(pickOnce());
    }

    /**
     * Picks from one priority, whatever share it has: somebody else has chosen it. Where it is in panic, that still holds.
     *
     * @param priority one that the endpoints have
     * @param degraded whether its degraded endpoints are wanted, rather than its healthy ones
     */
    public Pick pick(int priority, boolean degraded) {
        return orNone(choices[degraded ? choices.length / 2 + priority : priority].pick());
    }

    public Pick pick(PickContext context) {
        Endpoint endpoint = pickOnce();
        for (int i = 1; i < context.attempts() && endpoint != null && context.rejects(endpoint); i++) {
            endpoint = pickOnce();
        }
        return orNone(endpoint);
    }

    private static Pick orNone(@Nullable Endpoint endpoint) {
        return endpoint == null ? Pick.NoEndpoint.NO_HEALTHY_UPSTREAM : endpoint;
    }

    private @Nullable Endpoint pickOnce() {
        ListChoice choice = only;
        return choice != null ? choice.pick() : choices[load.choose(random.nextInt(100))].pick();
    }

    private ListChoice choice(EndpointSet endpoints, int priority, Availability availability) {
        if (load.inPanic(priority)) {
            return new ListChoice.Panic(sources.ofPriority(priority, Availability.ANY), stats);
        }
        List<LocalityWeighted.Share> shares = shares(endpoints, priority, availability);
        if (!shares.isEmpty()) {
            return new LocalityWeighted(EdfSchedule.started(shares, LocalityWeighted.Share::weight, rule.seed()));
        }
        return new ListChoice.Whole(sources.ofPriority(priority, availability));
    }

    /** Empty where localities have no say: it is not configured, or none of them has a weight. */
    private List<LocalityWeighted.Share> shares(EndpointSet endpoints, int priority, Availability availability) {
        List<LocalityWeighted.Share> shares = new ArrayList<>();
        if (common.localityWeighted()) {
            PriorityEndpoints group = endpoints.priorities().get(priority);
            for (LocalityGroup locality : group.localities()) {
                double weight = weight(locality, availability, endpoints.overprovisioningFactor());
                if (weight > 0) {
                    shares.add(new LocalityWeighted.Share(
                            weight, sources.ofLocality(priority, availability, locality.locality())));
                }
            }
        }
        return shares;
    }

    /** A locality keeps its whole weight until more is unavailable than the overprovisioning factor allows for. */
    private static double weight(LocalityGroup locality, Availability availability, int overprovisioningFactor) {
        int counted = locality.lists().counted();
        if (counted == 0) {
            return 0;
        }
        double available = 1.0 * availability.of(locality.lists()).size() / counted;
        return locality.weight() * Math.min(1, overprovisioningFactor / 100.0 * available);
    }
}
