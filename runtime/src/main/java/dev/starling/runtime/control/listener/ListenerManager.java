package dev.starling.runtime.control.listener;

import dev.starling.config.discovery.ResourceSet;
import dev.starling.config.listener.Listener;
import dev.starling.runtime.control.ActorNames;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.control.listener.ListenerActor.Order;
import dev.starling.runtime.control.listener.ListenerActor.Progress;
import dev.starling.runtime.listener.BindTrial;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.xds.resource.Held;
import dev.starling.xds.subscription.Watch.Update;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the set of listeners: one {@link ListenerActor} each. Starts them together and drains them together. */
public final class ListenerManager {

    private static final Logger log = LoggerFactory.getLogger(ListenerManager.class);

    /** Awaited beside the names of listeners; none is empty. */
    private static final String CONTROL_PLANE = "";

    /** Updates that may wait for the start to be over. */
    private static final int MAX_WAITING_UPDATES = 10_000;

    public sealed interface Command {}

    /**
     * Sent once: the listeners of the bootstrap. None of them accepts before all of them can, and those that the control
     * plane has at first.
     *
     * @param replyTo told when they accept, or why they cannot
     */
    public record Start(List<Listener> listeners, Optional<ResourceSet> controlPlane, ActorRef<StartResult> replyTo)
            implements Command {
        public Start {
            listeners = List.copyOf(listeners);
        }
    }

    public sealed interface StartResult {

        enum Started implements StartResult {
            STARTED
        }

        /** The first thing that went wrong. */
        record Failed(Throwable cause) implements StartResult {}
    }

    /** From a control plane; leaves listeners of the bootstrap alone. */
    public record UpdateListener(Listener listener, ActorRef<UpdateResult> replyTo) implements Command {}

    /** From a control plane; leaves listeners of the bootstrap alone. */
    public record RemoveListener(String name, ActorRef<UpdateResult> replyTo) implements Command {}

    /**
     * {@code /drain_listeners}: connections end with more and more of the responses.
     *
     * @param graceful go on accepting for the drain time
     * @param keepAccepting after the drain time too; only with graceful
     */
    public record DrainListeners(boolean inboundOnly, boolean graceful, boolean keepAccepting) implements Command {}

    /**
     * The server ends: nothing more is accepted, idle connections close, the others when their work is done.
     *
     * @param replyTo told when the last one has closed
     */
    public record Shutdown(ActorRef<Closed> replyTo) implements Command {}

    public enum Closed {
        CLOSED
    }

    /** After {@link Shutdown}: whatever is still going on ends. */
    public enum CloseNow implements Command {
        CLOSE_NOW
    }

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private record Told(Update<Listener> update) implements Command {}

    /** What came before has been seen to, or waits for the start. */
    private record Seen(Runnable taken) implements Command {}

    private record Progressed(Progress progress) implements Command {}

    private record Ended(ActorRef<ListenerActor.Command> listener) implements Command {}

    private record DrainTimeOver(boolean inboundOnly) implements Command {}

    /**
     * For inspection.
     *
     * @param listeners by name
     * @param leaving removed, but still with connections
     */
    public record State(
            String phase,
            SortedMap<String, ActorRef<ListenerActor.Command>> listeners,
            List<ActorRef<ListenerActor.Command>> leaving) {
        public State {
            leaving = List.copyOf(leaving);
        }
    }

    private final ListenerPorts ports;
    private final ListenerManagerStats stats;
    private final StatsScope lds;
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final StashBuffer<Command> waiting;
    private final ActorNames names = new ActorNames();
    private final ListenerSet listeners = new ListenerSet();
    private AcceptStop stopped = AcceptStop.NONE;

    private ListenerManager(
            ListenerPorts ports,
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            StashBuffer<Command> waiting) {
        this.ports = ports;
        this.stats = ListenerManagerStats.in(ports.proxy().stats().scope("listener_manager."));
        this.lds = ports.proxy().stats().scope("listener_manager.lds.");
        this.context = context;
        this.timers = timers;
        this.waiting = waiting;
    }

    public static Behavior<Command> create(ListenerPorts ports) {
        Behavior<Command> manager = Behaviors.setup(context -> Behaviors.withTimers(timers -> Behaviors.withStash(
                MAX_WAITING_UPDATES, waiting -> new ListenerManager(ports, context, timers, waiting).created())));
        return Behaviors.supervise(manager).onFailure(SupervisorStrategy.resume());
    }

    // ---- states ---------------------------------------------------------------------------------------------------

    /** Nothing is to be accepted yet. */
    private Behavior<Command> created() {
        return Behaviors.receiveMessage(command -> switch (command) {
            case Start(var initial, var controlPlane, var replyTo) -> {
                initial.forEach(
                        listener -> spawn(listener, false, context.getSystem().ignoreRef(), false));
                Set<String> awaited = new HashSet<>(listeners.names());
                controlPlane.ifPresent(all -> {
                    awaited.add(CONTROL_PLANE);
                    ActorRef<Command> self = context.getSelf();
                    ports.resources().listeners(all, this::objection, lds, (update, taken) -> {
                        self.tell(new Told(update));
                        self.tell(new Seen(taken));
                    });
                });
                yield awaited.isEmpty() ? started(replyTo) : starting(awaited, replyTo);
            }
            default -> beforeStart("created", command);
        });
    }

    /** Run by who reads what the control plane has sent. */
    private Optional<String> objection(Listener listener) {
        Optional<String> objection = BindTrial.objection(listener, ports.table());
        objection.ifPresent(_ -> stats.createFailure().inc());
        return objection;
    }

    /** The listeners of the bootstrap are being made; none accepts before all can. */
    private Behavior<Command> starting(Set<String> awaited, ActorRef<StartResult> replyTo) {
        return Behaviors.receiveMessage(command -> switch (command) {
            case Progressed(Progress.Ready(var name)) -> {
                awaited.remove(name);
                yield awaited.isEmpty() ? started(replyTo) : Behaviors.same();
            }
            case Told(var update)
            when awaited.remove(CONTROL_PLANE) -> {
                startAlso(update, awaited);
                yield awaited.isEmpty() ? started(replyTo) : Behaviors.same();
            }
            case Progressed(Progress.Failed(var name, var cause))
            when listeners.find(name).filter(ListenerSet.Entry::addedViaApi).isPresent() -> {
                log.error("error adding listener '{}': {}", name, cause.getMessage());
                listeners.remove(name);
                awaited.remove(name);
                yield awaited.isEmpty() ? started(replyTo) : Behaviors.same();
            }
            case Progressed(Progress.Failed(var name, var cause)) -> {
                log.error("error adding listener '{}': {}", name, cause.getMessage());
                replyTo.tell(new StartResult.Failed(cause));
                yield Behaviors.same();
            }
            case Ended(var ended)
            when listeners.entries().stream().anyMatch(entry -> entry.actor().equals(ended)) -> {
                replyTo.tell(new StartResult.Failed(new IllegalStateException("the actor of a listener has failed")));
                yield onOther("starting", command);
            }
            default -> beforeStart("starting", command);
        });
    }

    /** The first word of the control plane: these begin with those of the bootstrap. */
    private void startAlso(Update<Listener> update, Set<String> awaited) {
        switch (update) {
            case Update.Answered<Listener>(var change) ->
                change.updated().stream()
                        .map(Held::resource)
                        .filter(listener -> listeners.find(listener.name()).isEmpty())
                        .forEach(listener -> {
                            spawn(listener, true, context.getSystem().ignoreRef(), false);
                            awaited.add(listener.name());
                        });
            case Update.NothingCame<Listener> _ -> log.warn("no listeners have come from the control plane in time");
        }
    }

    private Behavior<Command> beforeStart(String phase, Command command) {
        return switch (command) {
            case UpdateListener _, RemoveListener _, DrainListeners _, Told _ -> {
                waiting.stash(command);
                yield Behaviors.same();
            }
            case Shutdown(var replyTo) -> shutdown(replyTo);
            case Start _, Progressed _, Ended _, DrainTimeOver _, CloseNow _, GetState _, Seen _ ->
                onOther(phase, command);
        };
    }

    private Behavior<Command> started(ActorRef<StartResult> replyTo) {
        log.info("all dependencies initialized. starting workers");
        stats.workersStarted().set(1);
        listeners.entries().forEach(entry -> entry.actor().tell(Order.ACTIVATE));
        return activating(new HashSet<>(listeners.names()), replyTo);
    }

    /** They are about to accept. */
    private Behavior<Command> activating(Set<String> awaited, ActorRef<StartResult> replyTo) {
        if (awaited.isEmpty()) {
            replyTo.tell(StartResult.Started.STARTED);
            return waiting.unstashAll(serving());
        }
        return Behaviors.receiveMessage(command -> {
            Behavior<Command> next = beforeStart("starting", command);
            return command instanceof Progressed(Progress.Serving(var view, var _)) && awaited.remove(view.name())
                    ? activating(awaited, replyTo)
                    : next;
        });
    }

    private Behavior<Command> serving() {
        return Behaviors.receiveMessage(command -> switch (command) {
            case UpdateListener(var listener, var replyTo) -> {
                update(listener, replyTo);
                yield Behaviors.same();
            }
            case RemoveListener(var name, var replyTo) -> {
                remove(name, replyTo);
                yield Behaviors.same();
            }
            case DrainListeners drain -> {
                drain(drain);
                yield Behaviors.same();
            }
            case Told(var update) -> {
                apply(update);
                yield Behaviors.same();
            }
            case Shutdown(var replyTo) -> shutdown(replyTo);
            case Start _, Progressed _, Ended _, DrainTimeOver _, CloseNow _, GetState _, Seen _ ->
                onOther("serving", command);
        });
    }

    private Behavior<Command> shutdown(ActorRef<Closed> replyTo) {
        listeners.living().forEach(listener -> listener.tell(Order.CLOSE_GENTLY));
        return closing(replyTo);
    }

    /** The server ends. */
    private Behavior<Command> closing(ActorRef<Closed> replyTo) {
        if (listeners.living().isEmpty()) {
            replyTo.tell(Closed.CLOSED);
        }
        return Behaviors.receiveMessage(command -> switch (command) {
            case CloseNow _ -> {
                listeners.living().forEach(listener -> listener.tell(Order.CLOSE_NOW));
                yield Behaviors.same();
            }
            case Ended _ -> {
                onOther("closing", command);
                yield listeners.living().isEmpty() ? closing(replyTo) : Behaviors.same();
            }
            case Told _ -> Behaviors.same();
            case UpdateListener(var _, var asking) -> ignore(asking);
            case RemoveListener(var _, var asking) -> ignore(asking);
            case Start _, Shutdown _, DrainListeners _, Progressed _, DrainTimeOver _, GetState _, Seen _ ->
                onOther("closing", command);
        });
    }

    private static Behavior<Command> ignore(ActorRef<UpdateResult> replyTo) {
        replyTo.tell(UpdateResult.Done.IGNORED);
        return Behaviors.same();
    }

    private Behavior<Command> onOther(String phase, Command command) {
        switch (command) {
            case Progressed(Progress.Serving(var view, var asking)) -> {
                if (listeners.serves(view)) {
                    publish();
                }
                asking.tell(UpdateResult.Done.IN_SERVICE);
            }
            case Ended(var ended) -> {
                names.free(ended);
                if (listeners.ended(ended) && phase.equals("serving")) {
                    log.error("the actor of a listener has failed: {}", ended);
                }
            }
            case DrainTimeOver(var inboundOnly) -> stopAccepting(inboundOnly);
            case GetState(var replyTo) -> replyTo.tell(state(phase));
            case Seen(var taken) -> taken.run();
            default -> {}
        }
        return Behaviors.same();
    }

    // ---- updates --------------------------------------------------------------------------------------------------

    /** Removals first: another listener may take the address. */
    private void apply(Update<Listener> update) {
        if (update instanceof Update.Answered<Listener>(var change)) {
            change.removed().forEach(name -> remove(name, context.getSystem().ignoreRef()));
            change.updated()
                    .forEach(held -> update(held.resource(), context.getSystem().ignoreRef()));
        }
    }

    private void update(Listener listener, ActorRef<UpdateResult> replyTo) {
        Optional<ListenerSet.Entry> known = listeners.find(listener.name());
        if (stopped.concerns(listener.trafficDirection())
                || (known.isPresent() && !known.get().addedViaApi())) {
            replyTo.tell(UpdateResult.Done.IGNORED);
        } else if (known.isEmpty()) {
            spawn(listener, true, replyTo, true);
        } else {
            listeners.update(listener);
            known.get().actor().tell(new ListenerActor.Update(listener, true, replyTo));
        }
    }

    private void spawn(Listener listener, boolean viaApi, ActorRef<UpdateResult> replyTo, boolean atOnce) {
        ActorRef<Command> self = context.getSelf();
        ActorRef<ListenerActor.Command> actor = context.spawn(
                ListenerActor.create(
                        new ListenerActor.Update(listener, viaApi, replyTo),
                        atOnce,
                        ports,
                        stats,
                        progress -> self.tell(new Progressed(progress))),
                names.next(listener.name()));
        context.watchWith(actor, new Ended(actor));
        listeners.add(listener, viaApi, actor);
    }

    private void remove(String name, ActorRef<UpdateResult> replyTo) {
        Optional<ListenerSet.Entry> known = listeners.find(name);
        if (known.isPresent() && !known.get().addedViaApi()) {
            replyTo.tell(UpdateResult.Done.IGNORED);
            return;
        }
        known.ifPresent(entry -> {
            listeners.remove(name);
            publish();
            stats.removed().inc();
            entry.actor().tell(Order.REMOVE);
        });
        replyTo.tell(UpdateResult.Done.REMOVED);
    }

    private void publish() {
        ports.table().publish(listeners.inService());
    }

    // ---- draining -------------------------------------------------------------------------------------------------

    private void drain(DrainListeners drain) {
        boolean begun = ports.serverDrain()
                .begin(
                        drain.inboundOnly(),
                        ports.draining(),
                        ports.proxy().clock().nanoTime());
        if (!drain.graceful()) {
            stopAccepting(drain.inboundOnly());
        } else if (begun && !drain.keepAccepting()) {
            DrainTimeOver over = new DrainTimeOver(drain.inboundOnly());
            timers.startSingleTimer(over, over, ports.draining().time());
        }
    }

    private void stopAccepting(boolean inboundOnly) {
        AcceptStop stop = inboundOnly ? AcceptStop.INBOUND : AcceptStop.ALL;
        stopped = stopped.and(stop);
        listeners.entries().stream()
                .filter(entry -> stop.concerns(entry.direction()))
                .forEach(entry -> entry.actor().tell(Order.STOP_ACCEPTING));
    }

    private State state(String phase) {
        return new State(phase, listeners.named(), listeners.leaving());
    }
}
