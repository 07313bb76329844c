package dev.starling.runtime.control.cluster;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.Cluster.Discovery;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.discovery.ResourceSet;
import dev.starling.runtime.cluster.ClusterRequests;
import dev.starling.runtime.control.ActorNames;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.xds.Discovery.Watching;
import dev.starling.xds.protocol.Change;
import dev.starling.xds.subscription.Watch.Update;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the set of clusters: one {@link ClusterActor} each. */
public final class ClusterManager {

    /** Awaited beside the names of clusters; none is empty. */
    private static final String CONTROL_PLANE = "";

    private static final Logger log = LoggerFactory.getLogger(ClusterManager.class);

    public sealed interface Command {}

    /**
     * Sent once: the clusters of the bootstrap. Those that need a control plane come after the others, through which it may
     * have to be reached, and then the clusters it has.
     *
     * @param replyTo told when each of them is in service
     */
    public record Initialize(List<Cluster> clusters, Optional<ResourceSet> controlPlane, ActorRef<Initialized> replyTo)
            implements Command {
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

    /** Of the data path: a cluster is needed that is not there. */
    private record Ask(AskedClusters.Waiting waiting) implements Command {}

    private record GiveUp(AskedClusters.Waiting waiting) implements Command {}

    private record ToldOfAsked(AskedClusters.Name name, Update<Cluster> update) implements Command {}

    private record Warm(String name) implements Command {}

    private record Told(Update<Cluster> update) implements Command {}

    /** What came before has been seen to. */
    private record Seen(Runnable taken) implements Command {}

    private enum RuntimeCame implements Command {
        RUNTIME_CAME
    }

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
    private final StatsScope cds;
    private final StatsScope odcds;
    private final ActorContext<Command> context;
    private final ActorNames names = new ActorNames();
    private final SortedMap<String, Entry> clusters = new TreeMap<>();
    private final AskedClusters asked;

    private ClusterManager(ClusterPorts ports, ActorContext<Command> context) {
        this.ports = ports;
        this.stats = ClusterManagerStats.in(ports.stats().scope("cluster_manager."));
        this.cds = ports.stats().scope("cluster_manager.cds.");
        this.odcds = ports.stats().scope("cluster_manager.odcds.");
        this.context = context;
        this.asked = new AskedClusters(this::watch, name -> clusters.containsKey(name));
    }

    /** The same for those who have nothing to do with actors. */
    public static ClusterRequests requests(Consumer<Command> manager) {
        return (name, where, answered) -> {
            var waiting = new AskedClusters.Waiting(name, where, answered);
            manager.accept(new Ask(waiting));
            return () -> manager.accept(new GiveUp(waiting));
        };
    }

    public static Behavior<Command> create(ClusterPorts ports) {
        Behavior<Command> manager = Behaviors.setup(context -> new ClusterManager(ports, context).created());
        return Behaviors.supervise(manager).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> created() {
        return Behaviors.receiveMessage(command -> {
            if (command instanceof Initialize initialize) {
                initialize.clusters().stream()
                        .filter(cluster -> !needsControlPlane(cluster))
                        .forEach(this::add);
                Set<String> awaited = new HashSet<>(clusters.keySet());
                return awaited.isEmpty()
                        ? reachControlPlanes(initialize)
                        : initializing(awaited, () -> reachControlPlanes(initialize));
            }
            return onUpdate(command, Set.of());
        });
    }

    /** The clusters through which control planes are reached are in service; the runtime comes before all else. */
    private Behavior<Command> reachControlPlanes(Initialize initialize) {
        context.pipeToSelf(ports.resources().reachable().get(), (_, _) -> RuntimeCame.RUNTIME_CAME);
        return Behaviors.receiveMessage(command ->
                command instanceof RuntimeCame ? discover(initialize) : onUpdate(command, Set.of("runtime")));
    }

    private Behavior<Command> discover(Initialize initialize) {
        Set<String> awaited = new HashSet<>();
        initialize.clusters().stream().filter(ClusterManager::needsControlPlane).forEach(cluster -> {
            add(cluster);
            awaited.add(cluster.name());
        });
        initialize.controlPlane().ifPresent(all -> {
            awaited.add(CONTROL_PLANE);
            ActorRef<Command> self = context.getSelf();
            ports.resources().clusters(all, cds, (update, taken) -> {
                self.tell(new Told(update));
                self.tell(new Seen(taken));
            });
        });
        Supplier<Behavior<Command>> then = () -> initialized(initialize.replyTo());
        return awaited.isEmpty() ? then.get() : initializing(awaited, then);
    }

    /** Files can be read at any time: a cluster through which a control plane is reached may have its secrets there. */
    private static boolean needsControlPlane(Cluster cluster) {
        return cluster.discovery() instanceof Discovery.Eds
                || cluster.transportSockets()
                        .secrets()
                        .anyMatch(secret -> !(secret.source() instanceof ConfigSource.File));
    }

    private void add(Cluster cluster) {
        update(cluster, false, context.getSystem().ignoreRef());
    }

    /** Some clusters, or the first word of the control plane, are awaited. */
    private Behavior<Command> initializing(Set<String> awaited, Supplier<Behavior<Command>> then) {
        return Behaviors.receiveMessage(command -> {
            if (command instanceof Warm(var name)) { // as often as there are clusters, so this looks at no other
                awaited.remove(name);
                onUpdate(command, awaited);
            } else {
                Set<String> before = Set.copyOf(clusters.keySet());
                onUpdate(command, awaited);
                if (command instanceof Told) {
                    awaited.remove(CONTROL_PLANE);
                    clusters.keySet().stream()
                            .filter(name -> !before.contains(name))
                            .forEach(awaited::add);
                }
                awaited.removeIf(name -> !name.equals(CONTROL_PLANE) && !clusters.containsKey(name));
            }
            return awaited.isEmpty() ? then.get() : Behaviors.same();
        });
    }

    private Behavior<Command> initialized(ActorRef<Initialized> replyTo) {
        log.info("cm init: all clusters initialized");
        replyTo.tell(Initialized.INITIALIZED);
        return Behaviors.receiveMessage(command -> onUpdate(command, Set.of()));
    }

    private Behavior<Command> onUpdate(Command command, Set<String> awaited) {
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
                List<String> named = awaited.stream()
                        .filter(name -> !name.equals(CONTROL_PLANE))
                        .sorted()
                        .toList();
                replyTo.tell(new State(named, actors));
            }
            case Told(Update.Answered<Cluster>(var change)) -> apply(change);
            case Told(Update.NothingCame<Cluster> _) ->
                log.warn("no clusters have come from the control plane in time");
            case Seen(var taken) -> taken.run();
            case Ask(var waiting) -> {
                if (ports.table().inService(waiting.cluster())) {
                    waiting.answer();
                } else {
                    asked.ask(waiting);
                }
            }
            case GiveUp(var waiting) -> asked.giveUp(waiting);
            case ToldOfAsked(var name, var update) -> {
                if (update instanceof Update.Answered<Cluster>(var change)) {
                    apply(change);
                }
                if (name.located()) {
                    asked.heard(name);
                } else if (asked.tell(name, update) && ports.table().inService(name.resource())) {
                    asked.answer(name.resource());
                }
            }
            case Warm(var name) -> asked.answer(name);
            case Initialize _, RuntimeCame _ -> {}
        }
        return Behaviors.same();
    }

    private void apply(Change<Cluster> change) {
        change.updated()
                .forEach(held ->
                        update(held.resource(), true, context.getSystem().ignoreRef()));
        change.removed().forEach(name -> remove(name, context.getSystem().ignoreRef()));
    }

    private Watching watch(AskedClusters.Name name) {
        ActorRef<Command> self = context.getSelf();
        return ports.resources().cluster(name.resource(), name.source(), odcds, (update, taken) -> {
            self.tell(new ToldOfAsked(name, update));
            self.tell(new Seen(taken));
        });
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
