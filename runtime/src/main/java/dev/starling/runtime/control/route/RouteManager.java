package dev.starling.runtime.control.route;

import dev.starling.config.route.RouteConfiguration;
import dev.starling.runtime.control.ActorNames;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.route.RouteSlot;
import dev.starling.runtime.route.RouteTable;
import java.util.HashMap;
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
    record InUse(RouteSlot slot, RouteOwner owner) implements Command {}

    /** The last filter chain that used the slot has ended. */
    record Unused(RouteSlot slot) implements Command {}

    /** A control plane has sent it. Then it is run, when it is in service or cannot be. */
    record Found(RouteOwner owner, RouteConfiguration config, Runnable taken) implements Command {}

    /** Replaces what filter chains have brought with them under the configuration's name. */
    public record UpdateRoutes(RouteConfiguration config, ActorRef<UpdateResult> replyTo) implements Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private record Ended(ActorRef<RoutesActor.Command> routes) implements Command {}

    /** For inspection: by name. */
    public record State(SortedMap<String, ActorRef<RoutesActor.Command>> routes) {}

    private final Function<RouteConfiguration, RouteTable> compiler;
    private final ActorContext<Command> context;
    private final ActorNames names = new ActorNames();
    private final Map<RouteOwner, ActorRef<RoutesActor.Command>> routes = new HashMap<>();
    private final Map<RouteSlot, RouteOwner> ownerOf = new HashMap<>();

    private RouteManager(Function<RouteConfiguration, RouteTable> compiler, ActorContext<Command> context) {
        this.compiler = compiler;
        this.context = context;
    }

    public static Behavior<Command> create(Function<RouteConfiguration, RouteTable> compiler) {
        Behavior<Command> manager = Behaviors.setup(context -> new RouteManager(compiler, context).managing());
        return Behaviors.supervise(manager).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> managing() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case InUse(var slot, var owner) -> {
                    ownerOf.put(slot, owner);
                    routes.computeIfAbsent(owner, this::spawn).tell(new RoutesActor.Serve(slot));
                }
                case Found(var owner, var config, var taken) -> {
                    ActorRef<RoutesActor.Command> actor = routes.get(owner);
                    if (actor != null) {
                        actor.tell(new RoutesActor.Found(config, taken));
                    }
                }
                case Unused(var slot) -> unused(slot);
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
        return new State(named);
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

    private ActorRef<RoutesActor.Command> spawn(RouteOwner routeOwner) {
        String name = routeOwner.name();
        ActorRef<RoutesActor.Command> owner = context.spawn(RoutesActor.create(name, compiler), names.next(name));
        context.watchWith(owner, new Ended(owner));
        return owner;
    }
}
