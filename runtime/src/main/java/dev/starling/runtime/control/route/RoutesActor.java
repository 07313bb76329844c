package dev.starling.runtime.control.route;

import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.VirtualHost;
import dev.starling.runtime.control.UpdateResult;
import dev.starling.runtime.control.discovery.Resources;
import dev.starling.runtime.route.HostRequests;
import dev.starling.runtime.route.RouteSlot;
import dev.starling.runtime.route.RouteTable;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.xds.subscription.Watch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
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

    /**
     * From a control plane.
     *
     * @param seen run when it was published, or could not be
     * @param ready run when its virtual hosts are known too
     */
    record Found(RouteConfiguration config, Runnable seen, Runnable ready) implements Command {}

    /** A request has no route for its host. Then it is run, when the routes are there or cannot be had. */
    private record Ask(String host, Runnable done) implements Command {}

    private record Told(Watch.Update<VirtualHost> update) implements Command {}

    private record ToldOfHost(String host, Watch.Update<VirtualHost> update) implements Command {}

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

    /**
     * What it works with.
     *
     * @param virtualHostStats {@code http.<stat_prefix>.rds.vhds.<name>.}, asked for if there is anything to count
     */
    record Ports(
            String name,
            Function<RouteConfiguration, RouteTable> compiler,
            Resources resources,
            Supplier<StatsScope> virtualHostStats) {}

    private final Ports ports;
    private final ActorContext<Command> context;
    private final List<Runnable> awaitingHosts = new ArrayList<>();
    private @Nullable RouteConfiguration found;
    private @Nullable DiscoveredHosts hosts;
    private final Set<RouteSlot> slots = new LinkedHashSet<>();
    private long updates;

    private RoutesActor(Ports ports, ActorContext<Command> context) {
        this.ports = ports;
        this.context = context;
    }

    static Behavior<Command> create(Ports ports) {
        Behavior<Command> owner = Behaviors.setup(context -> new RoutesActor(ports, context).serving());
        return Behaviors.supervise(owner).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> serving() {
        return Behaviors.receive(Command.class)
                .onMessage(Command.class, command -> {
                    on(command);
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, _ -> {
                    endHosts();
                    return Behaviors.same();
                })
                .build();
    }

    private void on(Command command) {
        switch (command) {
            case Serve(var slot) -> slots.add(slot);
            case Leave(var slot) -> slots.remove(slot);
            case Update(var config, var replyTo) -> replyTo.tell(update(config));
            case Found(var config, var seen, var ready) -> found(config, seen, ready);
            case Told(var update) -> {
                if (hosts != null && hosts.tell(update)) {
                    publishFound();
                }
                awaitingHosts.forEach(Runnable::run);
                awaitingHosts.clear();
            }
            case Ask(var host, var done) -> {
                if (hosts == null) {
                    done.run();
                } else {
                    hosts.ask(host, done);
                }
            }
            case ToldOfHost(var host, var update) -> {
                if (hosts != null) {
                    hosts.tell(host, update);
                }
            }
            case GetState(var replyTo) ->
                replyTo.tell(new State(
                        ports.name(),
                        updates,
                        slots.stream().map(slot -> TableView.of(slot.config())).toList()));
        }
    }

    // ---- from a control plane -------------------------------------------------------------------------------------

    private void found(RouteConfiguration config, Runnable seen, Runnable ready) {
        found = config;
        if (hosts != null && !config.virtualHostSource().equals(Optional.of(hosts.source()))) {
            endHosts();
        }
        if (hosts == null && config.virtualHostSource().isPresent()) {
            ActorRef<Command> self = context.getSelf();
            hosts = new DiscoveredHosts(
                    config.name(),
                    config.virtualHostSource().get(),
                    ports.resources(),
                    ports.virtualHostStats().get(),
                    update -> self.tell(new Told(update)),
                    (host, update) -> self.tell(new ToldOfHost(host, update)));
        }
        publishFound();
        // The hosts may have to come by the same source, which reads on only then.
        seen.run();
        if (hosts == null || hosts.answered()) {
            ready.run();
        } else {
            awaitingHosts.add(ready);
        }
    }

    private void publishFound() {
        RouteConfiguration config = Objects.requireNonNull(found);
        if (update(hosts == null ? config : hosts.over(config)) instanceof UpdateResult.Failed(var reason)) {
            log.error("route configuration {} cannot be used: {}", ports.name(), reason);
        }
    }

    private void endHosts() {
        if (hosts != null) {
            hosts.end();
            hosts = null;
        }
    }

    // ---- publishing -----------------------------------------------------------------------------------------------

    private UpdateResult update(RouteConfiguration config) {
        if (slots.stream().allMatch(slot -> slot.config().contentHash() == config.contentHash())) {
            return UpdateResult.Done.UNCHANGED;
        }
        RouteTable table;
        try {
            table = ports.compiler().apply(config);
        } catch (
                RuntimeException fault) { // validated, so a bug: but one that must not take the routes in service along
            return new UpdateResult.Failed(String.valueOf(fault.getMessage()));
        }
        RouteTable complete = hosts == null ? table : table.with(requests());
        slots.forEach(slot -> slot.publish(complete));
        updates++;
        return UpdateResult.Done.IN_SERVICE;
    }

    private HostRequests requests() {
        ActorRef<Command> self = context.getSelf();
        return (host, answered) -> self.tell(new Ask(host, answered));
    }
}
