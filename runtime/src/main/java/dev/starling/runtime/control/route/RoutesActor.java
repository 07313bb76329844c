package dev.starling.runtime.control.route;

import dev.starling.config.route.RouteConfiguration;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.route.RouteSlot;
import dev.starling.runtime.route.RouteTable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the route configurations of one name: compiles each update and publishes it to those who use the name. */
public final class RoutesActor {

    private static final Logger log = LoggerFactory.getLogger(RoutesActor.class);

    public sealed interface Command {}

    /** The slot, with the table in it, is this actor's to publish to. */
    record Serve(RouteSlot slot) implements Command {}

    /** Nobody reads the slot any more. */
    record Leave(RouteSlot slot) implements Command {}

    record Update(RouteConfiguration config, ActorRef<UpdateResult> replyTo) implements Command {}

    /** From a control plane. Then it is run, whatever became of it. */
    record Found(RouteConfiguration config, Runnable taken) implements Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    /** For inspection. */
    public record State(String name, long updates, List<TableView> tables) {
        public State {
            tables = List.copyOf(tables);
        }
    }

    /** For inspection: one content in use. Filter chains that bring their own may differ under one name. */
    public record TableView(String contentHash, List<String> virtualHosts) {
        public TableView {
            virtualHosts = List.copyOf(virtualHosts);
        }

        static TableView of(RouteConfiguration config) {
            return new TableView(
                    Long.toHexString(config.contentHash()),
                    config.virtualHosts().stream().map(host -> host.name()).toList());
        }
    }

    private final String name;
    private final Function<RouteConfiguration, RouteTable> compiler;
    private final Set<RouteSlot> slots = new LinkedHashSet<>();
    private long updates;

    private RoutesActor(String name, Function<RouteConfiguration, RouteTable> compiler) {
        this.name = name;
        this.compiler = compiler;
    }

    static Behavior<Command> create(String name, Function<RouteConfiguration, RouteTable> compiler) {
        Behavior<Command> owner = Behaviors.setup(context -> new RoutesActor(name, compiler).serving());
        return Behaviors.supervise(owner).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> serving() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case Serve(var slot) -> slots.add(slot);
                case Leave(var slot) -> slots.remove(slot);
                case Update(var config, var replyTo) -> replyTo.tell(update(config));
                case Found(var config, var taken) -> {
                    if (update(config) instanceof UpdateResult.Failed(var reason)) {
                        log.error("route configuration {} cannot be used: {}", name, reason);
                    }
                    taken.run();
                }
                case GetState(var replyTo) ->
                    replyTo.tell(new State(
                            name,
                            updates,
                            slots.stream()
                                    .map(slot -> TableView.of(slot.config()))
                                    .toList()));
            }
            return Behaviors.same();
        });
    }

    private UpdateResult update(RouteConfiguration config) {
        if (slots.stream().allMatch(slot -> slot.config().contentHash() == config.contentHash())) {
            return UpdateResult.Done.UNCHANGED;
        }
        RouteTable table;
        try {
            table = compiler.apply(config);
        } catch (
                RuntimeException fault) { // validated, so a bug: but one that must not take the routes in service along
            return new UpdateResult.Failed(String.valueOf(fault.getMessage()));
        }
        slots.forEach(slot -> slot.publish(table));
        updates++;
        return UpdateResult.Done.IN_SERVICE;
    }
}
