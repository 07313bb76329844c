package dev.starling.runtime.control.cluster;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.discovery.OnDemandClusters;
import dev.starling.xds.Discovery.Watching;
import dev.starling.xds.subscription.Watch.Update;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clusters that requests and connections have asked for, and who waits for them. By name: what is not there is forgotten, and
 * may be asked for again. With a locator the first to ask has what it leads to watched; from its first answer on clusters that
 * have not come are asked for by name at the same source. Confined to the manager's actor.
 */
final class AskedClusters {

    private static final Logger log = LoggerFactory.getLogger(AskedClusters.class);

    /** Clusters are named by clients: more than this are not asked for, and are not found. */
    private static final int MAX_ASKED = 10_000;

    /** Each holds what its client has sent: more than this do not wait. */
    private static final int MAX_WAITING = 10_000;

    private final Function<Name, Watching> watching;
    private final Predicate<String> known;
    private final Map<Name, Watching> asked = new HashMap<>();
    private final Map<String, Set<Waiting>> waiting = new HashMap<>();
    /** Of what locators lead to and was not heard of yet, which cluster it was first asked for. */
    private final Map<Name, String> begun = new HashMap<>();

    private int waits;

    /**
     * What is asked for at a source.
     *
     * @param located whatever clusters a locator leads to, and no cluster of that name
     */
    record Name(String resource, ConfigSource source, boolean located) {}

    /** One who waits for it; each is itself only. */
    static final class Waiting {

        private final String cluster;
        private final OnDemandClusters where;
        private final Runnable answered;

        Waiting(String cluster, OnDemandClusters where, Runnable answered) {
            this.cluster = cluster;
            this.where = where;
            this.answered = answered;
        }

        String cluster() {
            return cluster;
        }

        private Name name() {
            return new Name(cluster, where.source(), false);
        }

        private Optional<Name> located() {
            return where.locator().map(locator -> new Name(locator, where.source(), true));
        }

        /** There is nothing to wait for. */
        void answer() {
            answered.run();
        }
    }

    /**
     * @param watching begins to watch a cluster, or what a locator leads to
     * @param known whether there is a cluster of that name, which may have to warm
     */
    AskedClusters(Function<Name, Watching> watching, Predicate<String> known) {
        this.watching = watching;
        this.known = known;
    }

    /** For one that is not in service. */
    void ask(Waiting one) {
        if (waits >= MAX_WAITING || !tryAsk(one)) {
            log.warn("cluster {} is not asked for: too many are, or too many wait", one.cluster());
            one.answer();
            return;
        }
        waiting.computeIfAbsent(one.cluster(), _ -> new LinkedHashSet<>()).add(one);
        waits++;
    }

    /** False if too many are. */
    private boolean tryAsk(Waiting one) {
        Optional<Name> located = one.located();
        if (located.isEmpty()) {
            return tryWatch(one.name());
        }
        Name first = located.get();
        if (asked.containsKey(first) && !begun.containsKey(first)) {
            return known.test(one.cluster()) || tryWatch(one.name());
        }
        if (!tryWatch(first)) {
            return false;
        }
        begun.putIfAbsent(first, one.cluster());
        return true;
    }

    private boolean tryWatch(Name name) {
        if (!asked.containsKey(name)) {
            if (asked.size() >= MAX_ASKED) {
                return false;
            }
            asked.put(name, watching.apply(name));
        }
        return true;
    }

    /**
     * Of what a locator leads to, or not in time. As Envoy: those who came meanwhile are asked for by name, but not the cluster
     * that it was first asked for.
     */
    void heard(Name located) {
        String first = begun.remove(located);
        if (first == null) {
            return;
        }
        List<Waiting> later = waiting.values().stream()
                .flatMap(Set::stream)
                .filter(one -> !one.cluster().equals(first)
                        && one.located().filter(located::equals).isPresent())
                .toList();
        for (Waiting one : later) {
            if (!tryAsk(one)) {
                giveUp(one);
                one.answer();
            }
        }
    }

    /** Without effect if it was answered. */
    void giveUp(Waiting one) {
        Set<Waiting> same = waiting.get(one.cluster());
        if (same != null && same.remove(one)) {
            waits--;
            if (same.isEmpty()) {
                waiting.remove(one.cluster());
            }
        }
    }

    /** True if there is such a cluster, which may have to warm. */
    boolean tell(Name name, Update<Cluster> update) {
        boolean there = update instanceof Update.Answered<Cluster>(var change)
                && !change.updated().isEmpty();
        Watching ended = there ? null : asked.remove(name);
        if (ended != null) {
            log.info("cluster {} not found during on-demand discovery", name.resource());
            ended.end();
            answer(name.resource());
        }
        return there;
    }

    /** Of a cluster that is in service, or will not be for now. */
    void answer(String cluster) {
        Set<Waiting> answered = waiting.remove(cluster);
        if (answered != null) {
            waits -= answered.size();
            answered.forEach(Waiting::answer);
        }
    }
}
