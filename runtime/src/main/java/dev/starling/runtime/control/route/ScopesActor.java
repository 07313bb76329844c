package dev.starling.runtime.control.route;

import dev.starling.config.route.RouteSource;
import dev.starling.config.route.ScopedRoute;
import dev.starling.config.route.ScopedRoutes;
import dev.starling.config.route.ScopedRoutes.Scopes;
import dev.starling.runtime.control.discovery.Resources;
import dev.starling.runtime.route.HostRequests;
import dev.starling.runtime.route.RouteTableSource;
import dev.starling.runtime.route.ScopeSlot;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.xds.Discovery.Watching;
import dev.starling.xds.resource.Held;
import dev.starling.xds.subscription.Watch.Update;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the scopes of one connection manager. A scope whose routes change keeps those it has until the others are there, so
 * that requests are not refused meanwhile.
 */
public final class ScopesActor {

    private static final Logger log = LoggerFactory.getLogger(ScopesActor.class);

    /** So many requests wait for the routes of one scope; more are answered without. */
    private static final int MAX_WAITING = 10_000;

    public sealed interface Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private record Told(Update<ScopedRoute> update) implements Command {}

    /** The routes of a version of a scope are known. */
    private record Ready(String scope, int version) implements Command {}

    /** A request is in a scope whose routes are fetched on demand. */
    private record Ask(String scope, Runnable answered) implements Command {}

    /** For inspection: the key of each scope in service, and what is waited for. */
    public record State(String name, SortedMap<String, List<String>> scopes, List<String> awaited) {
        public State {
            awaited = List.copyOf(awaited);
        }
    }

    /**
     * What it works with.
     *
     * @param tables gives route tables to be given back together
     * @param ready run once: the first scopes are in service, or did not come in time
     */
    record Ports(
            ScopedRoutes config,
            String statPrefix,
            ScopeSlot slot,
            RouteBook tables,
            Resources resources,
            StatsScope scope,
            Runnable ready) {}

    /** One version of a scope. */
    private record Version(int number, ScopedRoute scope, RouteBook.Lease lease, RouteTableSource table) {}

    private final Ports ports;
    /** Of scopes that are found. */
    private final Optional<ScopeStats> stats;

    private final ActorContext<Command> context;
    private final Map<String, Version> next = new HashMap<>();
    private final SortedMap<String, Version> serving = new TreeMap<>();

    /** Nobody has asked for their routes yet. */
    private final Map<String, ScopedRoute> dormant = new HashMap<>();

    /** Who has, by scope. */
    private final Map<String, List<Runnable>> asking = new HashMap<>();

    private final Set<String> awaited = new HashSet<>();
    private @Nullable Watching watching;
    private boolean told;
    private boolean readyTold;
    private int versions;

    private ScopesActor(Ports ports, ActorContext<Command> context) {
        this.ports = ports;
        this.stats = ports.config().scopes() instanceof Scopes.Discovered
                ? Optional.of(new ScopeStats(ports.scope()))
                : Optional.empty();
        this.context = context;
    }

    static Behavior<Command> create(Ports ports) {
        Behavior<Command> scopes = Behaviors.setup(context -> new ScopesActor(ports, context).serving());
        return Behaviors.supervise(scopes).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> serving() {
        ActorRef<Command> self = context.getSelf();
        switch (ports.config().scopes()) {
            case Scopes.Inline(var scopes) -> {
                apply(scopes, List.of());
                toldOfAll();
            }
            case Scopes.Discovered(var all) ->
                watching = ports.resources().scopes(all, ports.scope(), update -> self.tell(new Told(update)));
        }
        return Behaviors.receive(Command.class)
                .onMessage(Command.class, command -> {
                    on(command);
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, _ -> {
                    end();
                    return Behaviors.same();
                })
                .build();
    }

    private void on(Command command) {
        switch (command) {
            case Told(Update.Answered<ScopedRoute>(var change)) -> {
                apply(change.updated().stream().map(Held::resource).toList(), change.removed());
                change.updated().stream()
                        .map(Held::updatedAt)
                        .max(Instant::compareTo)
                        .ifPresent(at -> stats.ifPresent(counts -> counts.reloaded(at)));
                toldOfAll();
            }
            case Told(Update.NothingCame<ScopedRoute> _) -> {
                log.warn("no scopes of {} have come in time", ports.config().name());
                toldOfAll();
            }
            case Ready(var scope, int version) -> ready(scope, version);
            case Ask(var scope, var answered) -> ask(scope, answered);
            case GetState(var replyTo) -> replyTo.tell(state());
        }
    }

    private void apply(List<ScopedRoute> updated, List<String> removed) {
        removed.forEach(this::remove);
        boolean publishes = !removed.isEmpty();
        for (ScopedRoute scope : updated) {
            publishes |= put(scope);
        }
        if (publishes) {
            publish();
        }
        count();
    }

    /** Whether it can be asked for from now on. */
    private boolean put(ScopedRoute scope) {
        boolean inUse = next.containsKey(scope.name()) || serving.containsKey(scope.name());
        boolean waits = scope.onDemand() && scope.inline().isEmpty() && !inUse;
        if (waits) {
            dormant.put(scope.name(), scope);
        } else {
            dormant.remove(scope.name());
            fetch(scope);
        }
        return waits;
    }

    private void ask(String name, Runnable answered) {
        ScopedRoute scope = dormant.remove(name);
        if (scope != null) {
            fetch(scope);
        }
        List<Runnable> others = asking.getOrDefault(name, List.of());
        if (next.containsKey(name) && others.size() < MAX_WAITING) {
            asking.computeIfAbsent(name, _ -> new ArrayList<>()).add(answered);
        } else {
            answered.run();
        }
    }

    private void fetch(ScopedRoute scope) {
        RouteBook.Lease lease = ports.tables().lease();
        RouteTableSource table = lease.table(routesOf(scope), ports.statPrefix());
        Version version = new Version(++versions, scope, lease, table);
        give(next.put(scope.name(), version));
        if (!readyTold) {
            awaited.add(scope.name());
        }
        ActorRef<Command> self = context.getSelf();
        lease.ready().thenRun(() -> self.tell(new Ready(scope.name(), version.number())));
    }

    /** A scope that brings none names them, and then there is a source; that was validated. */
    private RouteSource routesOf(ScopedRoute scope) {
        return scope.inline()
                .<RouteSource>map(routes -> routes)
                .orElseGet(() -> new RouteSource.Rds(
                        scope.routeConfiguration(), ports.config().routes().orElseThrow()));
    }

    private void ready(String scope, int version) {
        Version coming = next.get(scope);
        if (coming == null || coming.number() != version) {
            return;
        }
        next.remove(scope);
        Version before = serving.put(scope, coming);
        publish();
        give(before);
        answer(scope);
        awaited.remove(scope);
        toldIfReady();
    }

    private void remove(String scope) {
        dormant.remove(scope);
        give(next.remove(scope));
        give(serving.remove(scope));
        answer(scope);
        awaited.remove(scope);
    }

    private void answer(String scope) {
        List<Runnable> answered = asking.remove(scope);
        if (answered != null) {
            answered.forEach(Runnable::run);
        }
    }

    private static void give(@Nullable Version back) {
        if (back != null) {
            back.lease().end();
        }
    }

    /** Of two scopes with one key the first by name is served. */
    private void publish() {
        Map<List<String>, RouteTableSource> byKey = new HashMap<>();
        known().forEach((name, scope) -> {
            Version version = serving.get(name);
            if (version == null && !scope.onDemand()) {
                return;
            }
            RouteTableSource table = version == null ? ports.slot().asking(requests(name)) : version.table();
            List<String> key = version == null ? scope.key() : version.scope().key();
            if (byKey.putIfAbsent(key, table) != null) {
                log.error(
                        "{}: scope key conflict found, a scope before '{}' has its key",
                        ports.config().name(),
                        name);
            }
        });
        ports.slot().publish(byKey);
    }

    private HostRequests requests(String scope) {
        ActorRef<Command> self = context.getSelf();
        return (_, answered) -> self.tell(new Ask(scope, answered));
    }

    private SortedMap<String, ScopedRoute> known() {
        SortedMap<String, ScopedRoute> known = new TreeMap<>(dormant);
        serving.forEach((name, version) -> known.put(name, version.scope()));
        next.forEach((name, version) -> known.put(name, version.scope()));
        return known;
    }

    private void count() {
        Collection<ScopedRoute> known = known().values();
        List<ScopedRoute> found =
                known.stream().filter(scope -> scope.inline().isEmpty()).toList();
        int onDemand = (int) found.stream().filter(ScopedRoute::onDemand).count();
        stats.ifPresent(counts -> counts.scopes(known.size(), found.size(), onDemand));
    }

    private void toldOfAll() {
        told = true;
        toldIfReady();
    }

    private void toldIfReady() {
        if (told && awaited.isEmpty() && !readyTold) {
            readyTold = true;
            ports.ready().run();
        }
    }

    private void end() {
        if (watching != null) {
            watching.end();
        }
        List<Version> all = new ArrayList<>(next.values());
        all.addAll(serving.values());
        all.forEach(ScopesActor::give);
        List.copyOf(asking.keySet()).forEach(this::answer);
    }

    private State state() {
        SortedMap<String, List<String>> keys = new TreeMap<>();
        serving.forEach((name, version) -> keys.put(name, version.scope().key()));
        return new State(ports.config().name(), keys, List.copyOf(next.keySet()));
    }
}
