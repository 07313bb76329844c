package dev.starling.runtime.control.cluster;

import dev.starling.config.cluster.Cluster;
import dev.starling.runtime.control.ActorNames;
import dev.starling.runtime.control.UpdateResult;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the set of clusters: one {@link ClusterActor} each. */
public final class ClusterManager {

    private static final Logger log = LoggerFactory.getLogger(ClusterManager.class);

    public sealed interface Command {}

    /**
     * Sent once: the clusters of the bootstrap.
     *
     * @param replyTo told when each of them is in service
     */
    public record Initialize(List<Cluster> clusters, ActorRef<Initialized> replyTo) implements Command {
        public Initialize {
            clusters = List.copyOf(clusters);
        }
    }

    public enum Initialized {
        INITIALIZED
    }

    /** From a control plane; leaves clusters of the bootstrap alone. */
    public record UpdateCluster(Cluster cluster, ActorRef<UpdateResult> replyTo) implements Command {}

    /** From a control plane; leaves clusters of the bootstrap alone. */
    public record RemoveCluster(String name, ActorRef<UpdateResult> replyTo) implements Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private record Warm(String name) implements Command {}

    private record Ended(ActorRef<ClusterActor.Command> cluster) implements Command {}

    /**
     * For inspection.
     *
     * @param awaited of the bootstrap's, those that are not in service yet
     * @param clusters by name
     */
    public record State(List<String> awaited, SortedMap<String, ActorRef<ClusterActor.Command>> clusters) {}

    private record Entry(ActorRef<ClusterActor.Command> actor, boolean addedViaApi) {}

    private final ClusterPorts ports;
    private final ClusterManagerStats stats;
    private final ActorContext<Command> context;
    private final ActorNames names = new ActorNames();
    private final SortedMap<String, Entry> clusters = new TreeMap<>();

    private ClusterManager(ClusterPorts ports, ActorContext<Command> context) {
        this.ports = ports;
        this.stats = ClusterManagerStats.in(ports.stats().scope("cluster_manager."));
        this.context = context;
    }

    public static Behavior<Command> create(ClusterPorts ports) {
        Behavior<Command> manager = Behaviors.setup(context -> new ClusterManager(ports, context).created());
        return Behaviors.supervise(manager).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> created() {
        return Behaviors.receiveMessage(command -> {
            if (command instanceof Initialize(var initial, var replyTo)) {
                initial.forEach(
                        cluster -> update(cluster, false, context.getSystem().ignoreRef()));
                Set<String> awaited = new HashSet<>(clusters.keySet());
                return awaited.isEmpty() ? initialized(replyTo) : initializing(awaited, replyTo);
            }
            return onUpdate(command, List.of());
        });
    }

    /** Some clusters of the bootstrap are not in service yet. */
    private Behavior<Command> initializing(Set<String> awaited, ActorRef<Initialized> replyTo) {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case Warm(var name) -> awaited.remove(name);
                case Ended(var cluster) -> awaited.removeAll(died(cluster));
                default -> {}
            }
            onUpdate(command, awaited.stream().sorted().toList());
            return awaited.isEmpty() ? initialized(replyTo) : Behaviors.same();
        });
    }

    private Behavior<Command> initialized(ActorRef<Initialized> replyTo) {
        log.info("cm init: all clusters initialized");
        replyTo.tell(Initialized.INITIALIZED);
        return Behaviors.receiveMessage(command -> onUpdate(command, List.of()));
    }

    private Behavior<Command> onUpdate(Command command, List<String> awaited) {
        switch (command) {
            case UpdateCluster(var cluster, var replyTo) -> update(cluster, true, replyTo);
            case RemoveCluster(var name, var replyTo) -> remove(name, replyTo);
            case Ended(var cluster) -> {
                names.free(cluster);
                died(cluster).forEach(name -> {
                    log.error("the actor of cluster {} has failed", name);
                    clusters.remove(name);
                });
            }
            case GetState(var replyTo) -> {
                SortedMap<String, ActorRef<ClusterActor.Command>> actors = new TreeMap<>();
                clusters.forEach((name, entry) -> actors.put(name, entry.actor()));
                replyTo.tell(new State(awaited, actors));
            }
            case Initialize _, Warm _ -> {}
        }
        return Behaviors.same();
    }

    /** The clusters that the actor was to own still: one if it failed to start, none if it was removed. */
    private List<String> died(ActorRef<ClusterActor.Command> actor) {
        return clusters.entrySet().stream()
                .filter(entry -> entry.getValue().actor().equals(actor))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void update(Cluster cluster, boolean viaApi, ActorRef<UpdateResult> replyTo) {
        ClusterActor.Update update = new ClusterActor.Update(cluster, viaApi, replyTo);
        Optional<Entry> known = Optional.ofNullable(clusters.get(cluster.name()));
        if (known.isEmpty()) {
            ActorRef<Command> self = context.getSelf();
            ActorRef<ClusterActor.Command> actor = context.spawn(
                    ClusterActor.create(update, ports, stats, name -> self.tell(new Warm(name))),
                    names.next(cluster.name()));
            context.watchWith(actor, new Ended(actor));
            clusters.put(cluster.name(), new Entry(actor, viaApi));
        } else if (viaApi && !known.get().addedViaApi()) {
            replyTo.tell(UpdateResult.Done.IGNORED);
        } else {
            known.get().actor().tell(update);
        }
    }

    private void remove(String name, ActorRef<UpdateResult> replyTo) {
        Entry entry = clusters.get(name);
        if (entry != null && !entry.addedViaApi()) {
            replyTo.tell(UpdateResult.Done.IGNORED);
            return;
        }
        if (entry != null) {
            clusters.remove(name);
            stats.removed().inc();
            entry.actor().tell(ClusterActor.Remove.REMOVE);
        }
        replyTo.tell(UpdateResult.Done.REMOVED);
    }
}
