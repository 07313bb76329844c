package dev.starling.runtime.control.cluster;

import dev.starling.config.cluster.Cluster.DnsSettings;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.lb.ResolvedEndpoint;
import dev.starling.runtime.cluster.ClusterStats;
import dev.starling.runtime.upstream.dns.NameResolver;
import dev.starling.runtime.upstream.dns.NameResolver.Answer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the endpoints of a STRICT_DNS or LOGICAL_DNS cluster. Each host name is asked for again and again on its own; an
 * answer takes the place of the name's last one, and where there is none the last one stays.
 */
public final class DnsDiscovery {

    private static final Logger log = LoggerFactory.getLogger(DnsDiscovery.class);

    public sealed interface Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private record Answered(int target, Answer answer) implements Command {}

    private record Ask(int target) implements Command {}

    /** For inspection. */
    public record State(String cluster, List<TargetState> targets) {
        public State {
            targets = List.copyOf(targets);
        }
    }

    /**
     * For inspection.
     *
     * @param lastFailure empty if the last query was answered, or none was
     * @param nextDelay the pause that was chosen last
     */
    public record TargetState(
            String host, List<String> addresses, long queries, String lastFailure, Duration nextDelay) {
        public TargetState {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * What it works with.
     *
     * @param logical only the first address of the one name is used
     * @param found told what the names stand for whenever one of them has answered, or that there is no answer
     */
    public record Discovering(
            String cluster,
            LoadAssignment assignment,
            DnsSettings settings,
            boolean logical,
            NameResolver resolver,
            RandomGenerator random,
            ClusterStats stats,
            Consumer<EndpointsActor.Command> found) {}

    private final Discovering discovering;
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final List<Name> names = new ArrayList<>();

    private DnsDiscovery(Discovering discovering, ActorContext<Command> context, TimerScheduler<Command> timers) {
        this.discovering = discovering;
        this.context = context;
        this.timers = timers;
        for (DnsTarget target : DnsTarget.of(discovering.assignment())) {
            names.add(new Name(target, new DnsSchedule(discovering.settings(), discovering.random())));
        }
    }

    public static Behavior<Command> create(Discovering discovering) {
        Behavior<Command> asking = Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new DnsDiscovery(discovering, context, timers).start()));
        // What was found so far is known here only.
        return Behaviors.supervise(asking).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> start() {
        if (names.isEmpty()) {
            report();
        }
        for (int i = 0; i < names.size(); i++) {
            ask(i);
        }
        return asking();
    }

    private Behavior<Command> asking() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case Ask(var target) -> ask(target);
                case Answered(var target, var answer) -> answered(target, answer);
                case GetState(var replyTo) ->
                    replyTo.tell(new State(
                            discovering.cluster(),
                            names.stream().map(Name::state).toList()));
            }
            return Behaviors.same();
        });
    }

    private void ask(int target) {
        Name name = names.get(target);
        name.queries++;
        discovering.stats().updateAttempt.inc();
        ActorRef<Command> self = context.getSelf();
        discovering
                .resolver()
                .resolve(
                        name.target.address().host(),
                        discovering.settings().lookupFamily(),
                        answer -> self.tell(new Answered(target, answer)));
    }

    private void answered(int target, Answer answer) {
        Name name = names.get(target);
        switch (answer) {
            case Answer.Addresses(var addresses, var _)
            when addresses.isEmpty() && discovering.logical() -> failed(name, "no address");
            case Answer.Addresses(var addresses, var minTtl) -> {
                discovering.stats().updateSuccess.inc();
                name.lastFailure = "";
                name.addresses = discovering.logical() ? addresses.subList(0, 1) : addresses;
                name.nextDelay = name.schedule.afterSuccess(minTtl);
                report();
            }
            case Answer.Failed(var reason) -> failed(name, reason);
        }
        timers.startSingleTimer(target, new Ask(target), name.nextDelay);
    }

    private void failed(Name name, String reason) {
        discovering.stats().updateFailure.inc();
        if (!reason.equals(name.lastFailure)) {
            log.warn(
                    "cluster {}: {} was not resolved: {}",
                    discovering.cluster(),
                    name.target.address().host(),
                    reason);
        }
        name.lastFailure = reason;
        name.nextDelay = name.schedule.afterFailure();
        discovering.found().accept(EndpointsActor.NothingDiscovered.NOTHING_DISCOVERED);
    }

    private void report() {
        List<ResolvedEndpoint> endpoints = new ArrayList<>();
        for (Name name : names) {
            for (InetAddress address : name.addresses) {
                endpoints.add(name.target.at(address));
            }
        }
        discovering
                .found()
                .accept(new EndpointsActor.Discovered(discovering.assignment(), endpoints, discovering.logical()));
    }

    /** What is known of one host name. */
    private static final class Name {

        private final DnsTarget target;
        private final DnsSchedule schedule;
        private List<InetAddress> addresses = List.of();
        private long queries;
        private String lastFailure = "";
        private Duration nextDelay = Duration.ZERO;

        Name(DnsTarget target, DnsSchedule schedule) {
            this.target = target;
            this.schedule = schedule;
        }

        TargetState state() {
            return new TargetState(
                    target.address().host(),
                    addresses.stream().map(InetAddress::getHostAddress).toList(),
                    queries,
                    lastFailure,
                    nextDelay);
        }
    }
}
