package dev.starling.runtime.control.cluster;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.xds.Discovery.Watching;
import dev.starling.xds.subscription.Watch.Update;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clusters that requests and connections have asked for by name, and who waits for them. What is not there is forgotten, and
 * may be asked for again. Confined to the manager's actor.
 */
final class AskedClusters {

    private static final Logger log = LoggerFactory.getLogger(AskedClusters.class);

    /** Clusters are named by clients: more than this are not asked for, and are not found. */
    private static final int MAX_ASKED = 10_000;

    /** Each holds what its client has sent: more than this do not wait. */
    private static final int MAX_WAITING = 10_000;

    private final Function<Name, Watching> watching;
    private final Map<Name, Watching> asked = new HashMap<>();
    private final Map<String, Set<Waiting>> waiting = new HashMap<>();
    private int waits;

    /** A cluster at a source. */
    record Name(String cluster, ConfigSource source) {}

    /** One who waits for it; each is itself only. */
    static final class Waiting {

        private final Name name;
        private final Runnable answered;

        Waiting(Name name, Runnable answered) {
            this.name = name;
            this.answered = answered;
        }

        Name name() {
            return name;
        }

        /** There is nothing to wait for. */
        void answer() {
            answered.run();
        }
    }

    /** @param watching begins to watch a cluster */
    AskedClusters(Function<Name, Watching> watching) {
        this.watching = watching;
    }

    /** For one that is not in service. */
    void ask(Waiting one) {
        Name name = one.name();
        boolean known = asked.containsKey(name);
        if (waits >= MAX_WAITING || (!known && asked.size() >= MAX_ASKED)) {
            log.warn("cluster {} is not asked for: too many are, or too many wait", name.cluster());
            one.answer();
            return;
        }
        if (!known) {
            asked.put(name, watching.apply(name));
        }
        waiting.computeIfAbsent(name.cluster(), _ -> new LinkedHashSet<>()).add(one);
        waits++;
    }

    /** Without effect if it was answered. */
    void giveUp(Waiting one) {
        Set<Waiting> same = waiting.get(one.name().cluster());
        if (same != null && same.remove(one)) {
            waits--;
            if (same.isEmpty()) {
                waiting.remove(one.name().cluster());
            }
        }
    }

    /** True if there is such a cluster, which may have to warm. */
    boolean tell(Name name, Update<Cluster> update) {
        boolean there = update instanceof Update.Answered<Cluster>(var change)
                && !change.updated().isEmpty();
        Watching ended = there ? null : asked.remove(name);
        if (ended != null) {
            log.info("cluster {} not found during on-demand discovery", name.cluster());
            ended.end();
            answer(name.cluster());
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
