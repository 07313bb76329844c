package dev.starling.runtime.control.health;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.HealthCheck;
import dev.starling.healthcheck.active.EndpointHealthSession;
import dev.starling.healthcheck.active.EndpointHealthSession.Checking;
import dev.starling.healthcheck.active.HealthCheckEventLog;
import dev.starling.healthcheck.active.HealthCheckStats;
import dev.starling.healthcheck.active.Prober;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointState;
import dev.starling.runtime.control.cluster.ClusterPorts;
import dev.starling.runtime.control.cluster.HealthCheckCounters;
import dev.starling.runtime.control.cluster.HealthSessions;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsScope;
import dev.starling.runtime.tls.EndpointSockets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.japi.function.Function;

/**
 * Has the endpoints of one cluster checked that a health discovery service names, by the same sessions as those of a cluster
 * in service; owns the sessions, the transport sockets and {@code cluster.<name>.health_check.*}. What the sessions find is in
 * the endpoints' states, where reports read it. Ends with its cluster, or when that is connected to otherwise.
 */
public final class CheckedClusterActor {

    public sealed interface Command {}

    /** What is to be checked from now on, check by check. */
    record Follow(List<Check> checks) implements Command {
        Follow {
            checks = List.copyOf(checks);
        }
    }

    private enum Secured implements Command {
        SECURED
    }

    public record GetState(ActorRef<State> replyTo) implements Command {}

    /** For inspection. */
    public record State(String cluster, String phase, List<EndpointView> endpoints) {
        public State {
            endpoints = List.copyOf(endpoints);
        }
    }

    /**
     * For inspection.
     *
     * @param check whose it is, by its place among those of the cluster
     */
    public record EndpointView(String address, int check, ActorRef<EndpointHealthSession.Command> session) {}

    /** @param endpoints each with a state that only this check writes */
    record Check(HealthCheck check, List<Endpoint> endpoints) {
        Check {
            endpoints = List.copyOf(endpoints);
        }
    }

    private record Running(Check check, HealthSessions sessions) {}

    private final Cluster settings;
    private final ClusterPorts ports;
    private final ActorContext<Command> context;
    private final StatsScope scope;
    private final EndpointSockets sockets;
    private final Prober prober;
    private final HealthCheckStats stats;

    /** Of a cluster in service that has the same name, if there is one. */
    private final Counter traffic;

    private List<Running> running = List.of();
    private int checks;

    private CheckedClusterActor(Cluster settings, ClusterPorts ports, ActorContext<Command> context) {
        this.settings = settings;
        this.ports = ports;
        this.context = context;
        this.scope = ports.stats().scope("cluster." + settings.statName() + ".");
        this.sockets = EndpointSockets.of(
                settings.name(),
                settings.transportSockets(),
                scope,
                ports.tls(),
                ports.resources().secrets());
        this.prober = ports.probers().apply(settings, sockets);
        this.stats = new HealthCheckCounters(scope.scope("health_check."));
        this.traffic = scope.counter("upstream_cx_total");
    }

    /** @param settings of which the endpoints and checks may become others */
    static Behavior<Command> create(Cluster settings, ClusterPorts ports) {
        Behavior<Command> owner = Behaviors.setup(context -> new CheckedClusterActor(settings, ports, context).begin());
        return Behaviors.supervise(owner).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> begin() {
        if (sockets.ready().toCompletableFuture().isDone()) {
            return checking();
        }
        context.pipeToSelf(sockets.ready(), (_, _) -> Secured.SECURED);
        return securing(new Follow(List.of()));
    }

    /** Secrets that connections need are awaited. */
    private Behavior<Command> securing(Follow last) {
        return behavior("securing", command -> switch (command) {
            case Follow next -> securing(next);
            case Secured _ -> {
                follow(last.checks());
                yield checking();
            }
            case GetState _ -> Behaviors.same();
        });
    }

    private Behavior<Command> checking() {
        return behavior("checking", command -> {
            if (command instanceof Follow(var wanted)) {
                follow(wanted);
            }
            return Behaviors.same();
        });
    }

    private void follow(List<Check> wanted) {
        List<Running> next = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            HealthCheck check = wanted.get(i).check();
            boolean goesOn =
                    i < running.size() && running.get(i).check().check().equals(check);
            if (i < running.size() && !goesOn) {
                follow(running.get(i).sessions(), List.of());
            }
            HealthSessions sessions = goesOn ? running.get(i).sessions() : sessions(check);
            follow(sessions, wanted.get(i).endpoints());
            next.add(new Running(wanted.get(i), sessions));
        }
        running.stream().skip(wanted.size()).forEach(gone -> follow(gone.sessions(), List.of()));
        running = next;
    }

    private static void follow(HealthSessions sessions, List<Endpoint> endpoints) {
        Set<EndpointState> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
        endpoints.forEach(endpoint -> wanted.add(endpoint.state()));
        List.copyOf(sessions.checked()).stream()
                .filter(state -> !wanted.contains(state))
                .forEach(sessions::stop);
        endpoints.stream()
                .filter(endpoint -> !sessions.checked().contains(endpoint.state()))
                .forEach(sessions::start);
    }

    private HealthSessions sessions(HealthCheck check) {
        return new HealthSessions(
                Optional.of(new Checking(
                        settings.name(),
                        check,
                        prober,
                        ports.random(),
                        ports.clock().wall(),
                        traffic::used,
                        stats,
                        HealthCheckEventLog.NONE,
                        _ -> {})),
                "check-" + ++checks + "-",
                context);
    }

    private List<EndpointView> views() {
        List<EndpointView> views = new ArrayList<>();
        for (int i = 0; i < running.size(); i++) {
            int check = i;
            HealthSessions sessions = running.get(i).sessions();
            running.get(i)
                    .check()
                    .endpoints()
                    .forEach(endpoint -> sessions.find(endpoint.state())
                            .ifPresent(session -> views.add(new EndpointView(endpoint.addressText(), check, session))));
        }
        return views;
    }

    private Behavior<Command> behavior(String phase, Function<Command, Behavior<Command>> onCommand) {
        return Behaviors.receive(Command.class)
                .onMessage(GetState.class, ask -> {
                    ask.replyTo().tell(new State(settings.name(), phase, views()));
                    return Behaviors.same();
                })
                .onAnyMessage(onCommand)
                .onSignal(PostStop.class, _ -> {
                    sockets.close();
                    scope.remove();
                    return Behaviors.same();
                })
                .build();
    }
}
