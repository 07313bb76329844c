package dev.starling.runtime.control.route;

import dev.starling.config.route.RouteConfiguration;
import dev.starling.runtime.control.ActorNames;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.control.discovery.Resources;
import dev.starling.runtime.route.RouteSlot;
import dev.starling.runtime.route.RouteTable;
import dev.starling.runtime.route.ScopeSlot;
import dev.starling.runtime.stats.StatsStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Owns the set of route configurations in use: one {@link RoutesActor} for each name. */
public final class RouteManager {

    public sealed interface Command {}

    /** A filter chain has begun to use the table in the slot. */
    record InUse(RouteSlot slot, RouteOwner owner, String statPrefix) implements Command {}

    /** The last filter chain that used the slot has ended. */
    record Unused(RouteSlot slot) implements Command {}

    /** A filter chain has begun to use scopes. */
    record ScopesInUse(ScopesActor.Ports scopes) implements Command {}

    /** The last filter chain that used the scopes has ended. */
    record ScopesUnused(ScopeSlot slot) implements Command {}

    /**
     * A control plane has sent it.
     *
     * @param seen run when it was published, or could not be
     * @param ready run when its virtual hosts are known too
     */
    record Found(RouteOwner owner, RouteConfiguration config, Runnable seen, Runnable ready) implements Command {}

    /** Replaces what filter chains have brought with them under the configuration's name. */
    public record UpdateRoutes(RouteConfiguration config, ActorRef<UpdateResult> replyTo) implements Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private record Ended(ActorRef<?> child) implements Command {}

    /** For inspection: by name. */
    public record State(
            SortedMap<String, ActorRef<RoutesActor.Command>> routes, List<ActorRef<ScopesActor.Command>> scopes) {
        public State {
            scopes = List.copyOf(scopes);
        }
    }

    private final Function<RouteConfiguration, RouteTable> compiler;
    private final Resources resources;
    private final StatsStore stats;
    private final ActorContext<Command> context;
    private final ActorNames names = new ActorNames();
    private final Map<RouteOwner, ActorRef<RoutesActor.Command>> routes = new HashMap<>();
    private final Map<RouteSlot, RouteOwner> ownerOf = new HashMap<>();
    private final Map<ScopeSlot, ActorRef<ScopesActor.Command>> scopes = new HashMap<>();

    private RouteManager(
            Function<RouteConfiguration, RouteTable> compiler,
            Resources resources,
            StatsStore stats,
            ActorContext<Command> context) {
        this.compiler = compiler;
        this.resources = resources;
        this.stats = stats;
        this.context = context;
    }

    public static Behavior<Command> create(
            Function<RouteConfiguration, RouteTable> compiler, Resources resources, StatsStore stats) {
        Behavior<Command> manager =
                Behaviors.setup(context -> new RouteManager(compiler, resources, stats, context).managing());
        return Behaviors.supervise(manager).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> managing() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case InUse(var slot, var owner, var statPrefix) -> {
                    ownerOf.put(slot, owner);
                    routes.computeIfAbsent(owner, _ -> spawn(owner, statPrefix)).tell(new RoutesActor.Serve(slot));
                }
                case Found(var owner, var config, var seen, var ready) -> {
                    ActorRef<RoutesActor.Command> actor = routes.get(owner);
                    if (actor != null) {
                        actor.tell(new RoutesActor.Found(config, seen, ready));
                    } else {
                        seen.run();
                    }
                }
                case Unused(var slot) -> unused(slot);
                case ScopesInUse(var ports) -> scopes.put(ports.slot(), spawn(ports));
                case ScopesUnused(var slot) -> {
                    ActorRef<ScopesActor.Command> actor = scopes.remove(slot);
                    if (actor != null) {
                        context.stop(actor);
                    }
                }
                case UpdateRoutes(var config, var replyTo) -> {
                    ActorRef<RoutesActor.Command> owner = routes.get(RouteOwner.filterChains(config.name()));
                    if (owner == null) {
                        replyTo.tell(UpdateResult.Done.IGNORED);
                    } else {
                        owner.tell(new RoutesActor.Update(config, replyTo));
                    }
                }
                case GetState(var replyTo) -> replyTo.tell(state());
                case Ended(var ended) -> names.free(ended);
            }
            return Behaviors.same();
        });
    }

    private State state() {
        SortedMap<String, ActorRef<RoutesActor.Command>> named = new TreeMap<>();
        routes.forEach((owner, actor) -> named.put(owner.toString(), actor));
        return new State(named, List.copyOf(scopes.values()));
    }

    private void unused(RouteSlot slot) {
        RouteOwner owner = ownerOf.remove(slot);
        ActorRef<RoutesActor.Command> actor = owner == null ? null : routes.get(owner);
        if (actor == null) {
            return;
        }
        if (ownerOf.containsValue(owner)) {
            actor.tell(new RoutesActor.Leave(slot));
        } else {
            routes.remove(owner);
            context.stop(actor);
        }
    }

    private ActorRef<ScopesActor.Command> spawn(ScopesActor.Ports ports) {
        ActorRef<ScopesActor.Command> actor = context.spawn(
                ScopesActor.create(ports), names.next(ports.config().name()));
        context.watchWith(actor, new Ended(actor));
        return actor;
    }

    private ActorRef<RoutesActor.Command> spawn(RouteOwner routeOwner, String statPrefix) {
        String name = routeOwner.name();
        ActorRef<RoutesActor.Command> owner = context.spawn(
                RoutesActor.create(new RoutesActor.Ports(
                        name,
                        compiler,
                        resources,
                        () -> stats.scope("http." + statPrefix + ".rds.vhds." + name + "."))),
                names.next(name));
        context.watchWith(owner, new Ended(owner));
        return owner;
    }
}
