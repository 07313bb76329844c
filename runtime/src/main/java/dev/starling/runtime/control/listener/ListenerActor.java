package dev.starling.runtime.control.listener;

import dev.starling.config.listener.Listener;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.listener.ActiveListener;
import dev.starling.runtime.listener.ListenerStats;
import dev.starling.runtime.listener.ListenerView;
import dev.starling.runtime.listener.ListeningSocket;
import dev.starling.runtime.listener.filter.InspectionStats;
import dev.starling.runtime.listener.filter.ListenerFilterContext;
import dev.starling.runtime.listener.filter.ListenerFilters;
import dev.starling.runtime.listener.filter.UnservedLog;
import dev.starling.runtime.stats.StatsScope;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.japi.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns one listener: its sockets, the version in service, the version that warms beside it, and the filter chains that
 * drain. Sockets of an address that stays are kept from version to version; where only filter chains differ, those that do
 * not keep their connections too. What is drained is closed when the drain time is over.
 */
public final class ListenerActor {

    private static final Logger log = LoggerFactory.getLogger(ListenerActor.class);

    public sealed interface Command {}

    public record Update(Listener config, boolean addedViaApi, ActorRef<UpdateResult> replyTo) implements Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    enum Order implements Command {
        /** Begin to accept: everything else that must be there before is there. */
        ACTIVATE,
        /** Accept no more; connections live on. */
        STOP_ACCEPTING,
        /** The listener is no more: its connections drain. */
        REMOVE,
        /** The server ends: close what is idle, and the rest when its work is done. */
        CLOSE_GENTLY,
        /** Close everything. */
        CLOSE_NOW
    }

    private record Warmed(int version, @Nullable Throwable failure) implements Command {}

    private record Emptied(int drain) implements Command {}

    private record DrainOver(int drain) implements Command {}

    /** What the manager is told. */
    sealed interface Progress {

        /** The first version could serve. */
        record Ready(String name) implements Progress {}

        /** The first version cannot serve. */
        record Failed(String name, Throwable cause) implements Progress {}

        /** A version serves; whoever asked for it is to be told once all can see it. */
        record Serving(ListenerView view, ActorRef<UpdateResult> replyTo) implements Progress {}
    }

    /**
     * For inspection.
     *
     * @param phase {@code warming}, {@code failed}, {@code ready}, {@code active}, {@code replacing}, {@code draining} or
     *     {@code closing}
     * @param accepting on these, with real ports
     */
    public record State(
            String listener,
            String phase,
            int version,
            String contentHash,
            List<String> accepting,
            List<String> filterChains,
            List<DrainView> draining) {
        public State {
            accepting = List.copyOf(accepting);
            filterChains = List.copyOf(filterChains);
            draining = List.copyOf(draining);
        }
    }

    /** For inspection: filter chains that are being drained together. */
    public record DrainView(int drain, boolean wholeListener, List<String> filterChains) {
        public DrainView {
            filterChains = List.copyOf(filterChains);
        }
    }

    private final String name;
    private final ListenerPorts ports;
    private final ListenerManagerStats managerStats;
    private final Consumer<Progress> progress;
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final StatsScope scope;
    private final StatsScope filterScope;
    private final InspectionStats inspectionStats;
    private final ActiveListener.Shared shared;
    private final Drains drains;
    private UnservedLog unserved = new UnservedLog(List.of());
    private int versions;

    private ListenerActor(
            Listener first,
            ListenerPorts ports,
            ListenerManagerStats managerStats,
            Consumer<Progress> progress,
            ActorContext<Command> context,
            TimerScheduler<Command> timers) {
        this.name = first.name();
        this.ports = ports;
        this.managerStats = managerStats;
        this.progress = progress;
        this.context = context;
        this.timers = timers;
        this.drains = new Drains(ports.draining(), managerStats);
        this.scope = ports.proxy().stats().scope("listener." + first.statPrefix() + ".");
        this.filterScope = ports.proxy().stats().scope("");
        this.inspectionStats = InspectionStats.in(scope);
        this.shared = new ActiveListener.Shared(
                ListenerStats.in(scope, ports.proxy().loops().size()),
                ports.serverDrain(),
                ports.directory(),
                ports.connections(),
                ports.connectionIds());
    }

    /**
     * A listener that begins to warm.
     *
     * @param atOnce serve when ready, without waiting to be told
     */
    static Behavior<Command> create(
            Update first,
            boolean atOnce,
            ListenerPorts ports,
            ListenerManagerStats managerStats,
            Consumer<Progress> progress) {
        Behavior<Command> owner = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            ListenerActor listener = new ListenerActor(first.config(), ports, managerStats, progress, context, timers);
            managerStats.added().inc();
            return listener.warming(listener.begin(first, Optional.empty()), atOnce);
        }));
        return Behaviors.supervise(owner).onFailure(SupervisorStrategy.resume());
    }

    // ---- states ---------------------------------------------------------------------------------------------------

    /** The first version is being made. */
    private Behavior<Command> warming(NextListener next, boolean atOnce) {
        return behavior("warming", Optional.empty(), command -> switch (command) {
            case Update update -> {
                if (sameAs(next.update(), update)) {
                    yield Behaviors.same();
                }
                next.giveUp(UpdateResult.Done.SUPERSEDED);
                managerStats.modified().inc();
                yield warming(begin(update, Optional.empty()), atOnce);
            }
            case Warmed(var version, var failure)
            when version == next.version() -> {
                if (failure != null) {
                    fail(next, failure);
                    progress.accept(new Progress.Failed(name, unwrapped(failure)));
                    yield failed(atOnce);
                }
                ServedListener ready = served(next);
                progress.accept(new Progress.Ready(name));
                yield atOnce ? activate(ready, Optional.empty()) : ready(ready);
            }
            case Order order ->
                switch (order) {
                    case REMOVE, CLOSE_GENTLY, CLOSE_NOW -> {
                        next.giveUp(UpdateResult.Done.SUPERSEDED);
                        yield Behaviors.stopped();
                    }
                    case ACTIVATE -> warming(next, true);
                    case STOP_ACCEPTING -> Behaviors.same();
                };
            case Warmed _, Emptied _, DrainOver _, GetState _ -> Behaviors.same();
        });
    }

    /** No version could serve; the next one may. */
    private Behavior<Command> failed(boolean atOnce) {
        return behavior("failed", Optional.empty(), command -> switch (command) {
            case Update update -> {
                managerStats.modified().inc();
                yield warming(begin(update, Optional.empty()), atOnce);
            }
            case Order order ->
                switch (order) {
                    case REMOVE, CLOSE_GENTLY, CLOSE_NOW -> Behaviors.stopped();
                    case ACTIVATE -> failed(true);
                    case STOP_ACCEPTING -> Behaviors.same();
                };
            case Warmed _, Emptied _, DrainOver _, GetState _ -> Behaviors.same();
        });
    }

    /** Bound, and not accepting yet. */
    private Behavior<Command> ready(ServedListener ready) {
        return behavior("ready", Optional.of(ready), command -> switch (command) {
            case Order order ->
                switch (order) {
                    case ACTIVATE -> activate(ready, Optional.empty());
                    case REMOVE, CLOSE_GENTLY, CLOSE_NOW, STOP_ACCEPTING -> {
                        ready.filterConfigs().end();
                        closeSockets(ready.sockets().values());
                        ready.chains().values().forEach(ServedChain::giveUp);
                        ready.update().replyTo().tell(UpdateResult.Done.SUPERSEDED);
                        yield Behaviors.stopped();
                    }
                };
            case Update(var _, var _, var replyTo) -> {
                replyTo.tell(UpdateResult.Done.IGNORED); // the manager sends none before it has activated
                yield Behaviors.same();
            }
            case Warmed _, Emptied _, DrainOver _, GetState _ -> Behaviors.same();
        });
    }

    private Behavior<Command> active(ServedListener current) {
        return behavior("active", Optional.of(current), command -> switch (command) {
            case Update update -> sameAs(current.update(), update) ? Behaviors.same() : replacing(current, update);
            case Order order -> onOrder(order, current);
            case Warmed _, Emptied _, DrainOver _, GetState _ -> Behaviors.same();
        });
    }

    private Behavior<Command> replacing(ServedListener current, Update update) {
        managerStats.modified().inc();
        return replacing(current, begin(update, Optional.of(current)));
    }

    /** One version serves while the next is being made. */
    private Behavior<Command> replacing(ServedListener current, NextListener next) {
        return behavior("replacing", Optional.of(current), command -> switch (command) {
            case Update update -> {
                if (sameAs(next.update(), update)) {
                    yield Behaviors.same();
                }
                next.giveUp(UpdateResult.Done.SUPERSEDED);
                if (sameAs(current.update(), update)) {
                    yield active(current);
                }
                yield replacing(current, update);
            }
            case Warmed(var version, var failure)
            when version == next.version() -> {
                if (failure != null) {
                    fail(next, failure);
                    yield active(current);
                }
                yield activate(served(next), Optional.of(current));
            }
            case Order order -> {
                next.giveUp(UpdateResult.Done.SUPERSEDED);
                yield onOrder(order, current);
            }
            case Warmed _, Emptied _, DrainOver _, GetState _ -> Behaviors.same();
        });
    }

    /** Removed; ends with its last connection or with the drain time. */
    private Behavior<Command> draining() {
        return ending("draining");
    }

    /** The server ends; connections close when their work is done. */
    private Behavior<Command> closing() {
        drains.closeGently();
        return ending("closing");
    }

    private Behavior<Command> ending(String phase) {
        if (drains.isEmpty()) {
            return Behaviors.stopped();
        }
        return behavior(phase, Optional.empty(), command -> switch (command) {
            case Order order ->
                switch (order) {
                    case CLOSE_GENTLY -> closing();
                    case CLOSE_NOW -> closeNow();
                    case ACTIVATE, STOP_ACCEPTING, REMOVE -> Behaviors.same();
                };
            case Emptied _, DrainOver _ -> drains.isEmpty() ? Behaviors.stopped() : Behaviors.same();
            case Update(var _, var _, var replyTo) -> {
                replyTo.tell(UpdateResult.Done.IGNORED);
                yield Behaviors.same();
            }
            case Warmed _, GetState _ -> Behaviors.same();
        });
    }

    private Behavior<Command> closeNow() {
        drains.closeNow();
        return Behaviors.same();
    }

    private Behavior<Command> onOrder(Order order, ServedListener current) {
        return switch (order) {
            case ACTIVATE -> active(current);
            case STOP_ACCEPTING -> {
                if (!current.sockets().isEmpty()) {
                    closeSockets(current.sockets().values());
                    managerStats.stopped().inc();
                    ports.directory().withdraw(name);
                }
                yield active(current.withoutSockets());
            }
            case REMOVE -> {
                leave(current);
                yield draining();
            }
            case CLOSE_GENTLY -> {
                leave(current);
                yield closing();
            }
            case CLOSE_NOW -> {
                leave(current);
                Behavior<Command> closing = closing();
                closeNow();
                yield closing;
            }
        };
    }

    // ---- versions -------------------------------------------------------------------------------------------------

    private boolean sameAs(Update known, Update update) {
        boolean same = known.config().contentHash() == update.config().contentHash();
        if (same) {
            update.replyTo().tell(UpdateResult.Done.UNCHANGED);
        }
        return same;
    }

    private NextListener begin(Update update, Optional<ServedListener> current) {
        NextListener next = NextListener.begin(++versions, update, current, scope, ports, managerStats);
        context.pipeToSelf(next.ready(), (_, failure) -> new Warmed(next.version(), failure));
        return next;
    }

    private void fail(NextListener next, Throwable failure) {
        Throwable cause = unwrapped(failure);
        managerStats.createFailure().inc();
        log.warn("listener '{}' failed to warm: {}", name, cause.getMessage());
        next.giveUp(new UpdateResult.Failed(String.valueOf(cause.getMessage())));
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private ServedListener served(NextListener next) {
        return next.served(ports.proxy().loops().transport()::address);
    }

    private Behavior<Command> activate(ServedListener next, Optional<ServedListener> before) {
        UnservedLog log = new UnservedLog(
                ports.proxy().accessLogging().loggers(next.config().accessLogs()));
        ListenerFilters filters = ListenerFilters.create(
                next.config().listenerFilters(),
                new ListenerFilterContext(
                        ports.proxy().with(ports.proxy().routes(), next.filterConfigs()), filterScope),
                inspectionStats,
                log);
        next.serve(filters, log, shared);
        unserved.close();
        unserved = log;
        managerStats.createSuccess().add(ports.proxy().loops().size());
        if (before.isPresent()) {
            before.get().filterConfigs().end();
            end(before.get().leftBy(next));
        } else {
            managerStats.active().add(1);
        }
        progress.accept(new Progress.Serving(next.view(), next.update().replyTo()));
        return active(next);
    }

    /** The version in service is to serve no more. */
    private void leave(ServedListener current) {
        ports.directory().withdraw(name);
        managerStats.active().add(-1);
        current.filterConfigs().end();
        end(current.everything());
    }

    private void end(ServedListener.Leftover leftover) {
        closeSockets(leftover.sockets());
        if (leftover.drains()) {
            drain(leftover.chains(), leftover.wholeListener());
        }
    }

    private void closeSockets(Collection<ListeningSocket> sockets) {
        sockets.forEach(ports.sockets()::close);
    }

    private void drain(List<ServedChain> chains, boolean wholeListener) {
        int drain = drains.begin(chains, wholeListener, ports.proxy().clock().nanoTime());
        context.pipeToSelf(drains.retire(drain), (_, _) -> new Emptied(drain));
        timers.startSingleTimer(drain, new DrainOver(drain), ports.draining().time());
    }

    // ---- inspection -----------------------------------------------------------------------------------------------

    private Behavior<Command> behavior(
            String phase, Optional<ServedListener> serving, Function<Command, Behavior<Command>> onCommand) {
        return Behaviors.receive(Command.class)
                .onAnyMessage(command -> {
                    switch (command) {
                        case Emptied(var drain) -> {
                            timers.cancel(drain);
                            drains.emptied(drain);
                        }
                        case DrainOver(var drain) -> drains.over(drain);
                        case GetState(var replyTo) -> replyTo.tell(state(phase, serving));
                        case Update _, Order _, Warmed _ -> {}
                    }
                    return onCommand.apply(command);
                })
                .onSignal(PostStop.class, _ -> {
                    scope.remove();
                    filterScope.remove();
                    unserved.close();
                    return Behaviors.same();
                })
                .build();
    }

    private State state(String phase, Optional<ServedListener> serving) {
        return new State(
                name,
                phase,
                serving.map(ServedListener::version).orElse(0),
                serving.map(each -> Long.toHexString(each.config().contentHash()))
                        .orElse(""),
                serving.map(ServedListener::accepting).orElse(List.of()),
                serving.map(each -> Drains.names(each.chains().values())).orElse(List.of()),
                drains.views());
    }
}
