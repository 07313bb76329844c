package dev.starling.runtime.control.cluster;

import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.runtime.cluster.CircuitBreaker;
import dev.starling.runtime.cluster.CircuitBreaker.Resource;
import dev.starling.runtime.cluster.ClusterTraffic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the limits of one cluster and reports when one is reached and left. What is admitted is decided on the data path, by
 * the counts that both see; of a count that moves across its limit again and again, this looks once a second.
 */
public final class CircuitBreakersActor {

    private static final Logger log = LoggerFactory.getLogger(CircuitBreakersActor.class);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    public sealed interface Command {}

    /** New limits take effect for the next decision. */
    public record Limit(CircuitBreakers limits) implements Command {}

    public record GetState(ActorRef<State> replyTo) implements Command {}

    private enum Look implements Command {
        /** A count has crossed its limit. */
        CROSSED,
        PAUSE_OVER
    }

    /** For inspection. */
    public record State(String cluster, List<Breaker> breakers) {
        public State {
            breakers = List.copyOf(breakers);
        }
    }

    /**
     * For inspection: one counted resource at one routing priority.
     *
     * @param open at its limit, when this was last looked at
     * @param transitions how often that was seen to change
     */
    public record Breaker(
            String priority,
            String resource,
            long count,
            long limit,
            boolean open,
            long transitions,
            Optional<Instant> lastTransitionAt) {}

    private final String cluster;
    private final ClusterTraffic traffic;
    private final InstantSource clock;
    private final TimerScheduler<Command> timers;
    private final List<Watched> watched = new ArrayList<>();

    private CircuitBreakersActor(
            String cluster, ClusterTraffic traffic, InstantSource clock, TimerScheduler<Command> timers) {
        this.cluster = cluster;
        this.traffic = traffic;
        this.clock = clock;
        this.timers = timers;
        for (RoutingPriority priority : RoutingPriority.values()) {
            CircuitBreaker breaker = traffic.breaker(priority);
            watched.add(new Watched(priority, "connections", breaker.connections()));
            watched.add(new Watched(priority, "pending requests", breaker.pendingRequests()));
            watched.add(new Watched(priority, "requests", breaker.requests()));
            watched.add(new Watched(priority, "retries", breaker.retries()));
        }
    }

    public static Behavior<Command> create(String cluster, ClusterTraffic traffic, InstantSource clock) {
        Behavior<Command> owner = Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new CircuitBreakersActor(cluster, traffic, clock, timers).start(context)));
        return Behaviors.supervise(owner).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> start(ActorContext<Command> context) {
        ActorRef<Command> self = context.getSelf();
        traffic.limitWatch().tell(() -> self.tell(Look.CROSSED));
        return watching();
    }

    /** All is quiet; the first count that crosses its limit is told. */
    private Behavior<Command> watching() {
        return behavior(() -> {
            look();
            timers.startSingleTimer(Look.PAUSE_OVER, PAUSE);
            return pausing();
        });
    }

    /** Nothing is told until the pause is over. */
    private Behavior<Command> pausing() {
        return behavior(() -> {
            traffic.limitWatch().looking();
            look();
            return watching();
        });
    }

    private Behavior<Command> behavior(Supplier<Behavior<Command>> onLook) {
        return Behaviors.receiveMessage(command -> switch (command) {
            case Look _ -> onLook.get();
            case Limit(var limits) -> {
                traffic.breaker(RoutingPriority.DEFAULT).limits(limits.defaultPriority());
                traffic.breaker(RoutingPriority.HIGH).limits(limits.highPriority());
                look();
                yield Behaviors.same();
            }
            case GetState(var replyTo) -> {
                replyTo.tell(
                        new State(cluster, watched.stream().map(Watched::view).toList()));
                yield Behaviors.same();
            }
        });
    }

    private void look() {
        watched.forEach(each -> each.look(cluster, clock));
    }

    /** What was last seen of one resource. */
    private static final class Watched {

        private final String priority;
        private final String name;
        private final Resource resource;
        private boolean open;
        private long transitions;
        private Optional<Instant> lastTransitionAt = Optional.empty();

        Watched(RoutingPriority priority, String name, Resource resource) {
            this.priority = priority.name().toLowerCase(Locale.ROOT);
            this.name = name;
            this.resource = resource;
            this.open = resource.show();
        }

        void look(String cluster, InstantSource clock) {
            boolean now = resource.show();
            if (now != open) {
                open = now;
                transitions++;
                lastTransitionAt = Optional.of(clock.instant());
                log.debug(
                        "cluster {}: {} {} of {} priority",
                        cluster,
                        open ? "at the limit of" : "again below the limit of",
                        name,
                        priority);
            }
        }

        Breaker view() {
            return new Breaker(priority, name, resource.count(), resource.max(), open, transitions, lastTransitionAt);
        }
    }
}
