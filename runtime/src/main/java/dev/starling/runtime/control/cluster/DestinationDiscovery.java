package dev.starling.runtime.control.cluster;

import dev.starling.config.cluster.Cluster.Discovery.OriginalDst;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.lb.Endpoint;
import dev.starling.lb.ResolvedEndpoint;
import dev.starling.runtime.cluster.OriginalDestinations;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Shows the endpoints of a cluster of original destinations, which the data path makes as it needs them, and has those
 * forgotten that are no longer used.
 */
final class DestinationDiscovery {

    enum Command {
        /** There is a new endpoint. */
        GROWN,
        /** Time to look which ones are still used. */
        SWEEP
    }

    private final LoadAssignment assignment;
    private final OriginalDestinations destinations;
    private final Consumer<EndpointsActor.Command> found;

    private DestinationDiscovery(
            LoadAssignment assignment, OriginalDestinations destinations, Consumer<EndpointsActor.Command> found) {
        this.assignment = assignment;
        this.destinations = destinations;
        this.found = found;
    }

    /** @param found told of all endpoints whenever they have changed */
    static Behavior<Command> create(
            OriginalDst config,
            LoadAssignment assignment,
            OriginalDestinations destinations,
            Consumer<EndpointsActor.Command> found) {
        Behavior<Command> watching = Behaviors.withTimers(
                timers -> new DestinationDiscovery(assignment, destinations, found).watching(config, timers));
        return Behaviors.supervise(watching).onFailure(SupervisorStrategy.resume());
    }

    private Behavior<Command> watching(OriginalDst config, TimerScheduler<Command> timers) {
        timers.startTimerWithFixedDelay(Command.SWEEP, config.cleanupInterval());
        report();
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case GROWN -> report();
                case SWEEP -> {
                    if (destinations.forgetUnused()) {
                        report();
                    }
                }
            }
            return Behaviors.same();
        });
    }

    private void report() {
        found.accept(new EndpointsActor.Discovered(
                assignment,
                destinations.endpoints().stream()
                        .map(DestinationDiscovery::inUse)
                        .toList(),
                false));
    }

    private static ResolvedEndpoint inUse(Endpoint endpoint) {
        return new ResolvedEndpoint(
                endpoint.config(),
                endpoint.locality(),
                endpoint.priority(),
                endpoint.address(),
                endpoint.addressText(),
                endpoint.hostname(),
                endpoint.state());
    }
}
