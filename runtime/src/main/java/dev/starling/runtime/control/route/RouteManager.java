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
    record InUse(RouteSlot slot, String name) implements Command {}

    /** The last filter chain that used the slot has ended. */
    record Unused(RouteSlot slot) implements Command {}

    /** Replaces what is used under the configuration's name, wherever it is used. */
    public record UpdateRoutes(RouteConfiguration config, ActorRef<UpdateResult> replyTo) implements Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private record Ended(ActorRef<RoutesActor.Command> routes) implements Command {}

    /** For inspection: by name. */
    public record State(SortedMap<String, ActorRef<RoutesActor.Command>> routes) {}

    private final Function<RouteConfiguration, RouteTable> compiler;
    private final ActorContext<Command> context;
    private final ActorNames names = new ActorNames();
    private final SortedMap<String, ActorRef<RoutesActor.Command>> routes = new TreeMap<>();
    private final Map<RouteSlot, String> nameOf = new HashMap<>();

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
                case InUse(var slot, var name) -> {
                    nameOf.put(slot, name);
                    routes.computeIfAbsent(name, this::spawn).tell(new RoutesActor.Serve(slot));
                }
                case Unused(var slot) -> unused(slot);
                case UpdateRoutes(var config, var replyTo) -> {
                    ActorRef<RoutesActor.Command> owner = routes.get(config.name());
                    if (owner == null) {
                        replyTo.tell(UpdateResult.Done.IGNORED);
                    } else {
                        owner.tell(new RoutesActor.Update(config, replyTo));
                    }
                }
                case GetState(var replyTo) -> replyTo.tell(new State(new TreeMap<>(routes)));
                case Ended(var ended) -> names.free(ended);
            }
            return Behaviors.same();
        });
    }

    private void unused(RouteSlot slot) {
        String name = nameOf.remove(slot);
        ActorRef<RoutesActor.Command> owner = name == null ? null : routes.get(name);
        if (owner == null) {
            return;
        }
        if (nameOf.containsValue(name)) {
            owner.tell(new RoutesActor.Leave(slot));
        } else {
            routes.remove(name);
            context.stop(owner);
        }
    }

    private ActorRef<RoutesActor.Command> spawn(String name) {
        ActorRef<RoutesActor.Command> owner = context.spawn(RoutesActor.create(name, compiler), names.next(name));
        context.watchWith(owner, new Ended(owner));
        return owner;
    }
}
