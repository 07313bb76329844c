package dev.starling.xds.relay;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.starling.xds.relay.Relay.Outlet;
import dev.starling.xds.relay.RelayManager.Relaying;
import dev.starling.xds.relay.RelayManager.States;
import dev.starling.xds.relay.RelayStream.Command;
import dev.starling.xds.relay.RelayStream.Event;
import dev.starling.xds.relay.RelayStream.Said;
import io.envoyproxy.envoy.service.status.v3.ClientStatusRequest;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** One stream of the client status discovery service: each request is answered with how far everybody is. */
final class StatusStream {

    private final Relaying relaying;
    private final ActorRef<RelayManager.Command> manager;
    private final Outlet outlet;
    private final ActorRef<States> collected;
    private int ready;
    private int asked;
    private boolean ended;
    private Optional<States> waiting = Optional.empty();

    private StatusStream(
            Relaying relaying, ActorRef<RelayManager.Command> manager, Outlet outlet, ActorContext<Command> context) {
        this.relaying = relaying;
        this.manager = manager;
        this.outlet = outlet;
        this.collected = context.messageAdapter(States.class, RelayStream.Collected::new);
    }

    static Behavior<Command> create(Relaying relaying, ActorRef<RelayManager.Command> manager, Outlet outlet) {
        return Behaviors.setup(context -> {
            StatusStream stream = new StatusStream(relaying, manager, outlet, context);
            return Behaviors.receiveMessage(command -> stream.on(command) ? Behaviors.same() : Behaviors.stopped());
        });
    }

    /** False when the stream is over. */
    private boolean on(Command command) {
        switch (command) {
            case Said(var message) -> {
                Optional<String> problem = problem(message);
                if (problem.isPresent()) {
                    relaying.stats().turnedAway();
                    outlet.end(RelayLimits.INVALID_ARGUMENT, problem.get());
                    return false;
                }
                asked++;
                if (asked == 1) {
                    manager.tell(new RelayManager.GetStates(collected));
                }
            }
            case RelayStream.Collected(var states) -> waiting = Optional.of(states);
            case Event.READY -> ready++;
            case Event.ENDED -> ended = true;
            case Event.CLOSED -> {
                return false;
            }
            case RelayStream.Changed _, RelayStream.GetState _ -> {}
        }
        answer();
        if (ended && asked == 0) {
            outlet.end(RelayLimits.OK, "");
            return false;
        }
        return true;
    }

    /** One after the other: the next is collected when the last has been sent. */
    private void answer() {
        if (waiting.isPresent() && ready > 0) {
            outlet.send(StatusReport.of(
                            relaying.node(),
                            relaying.types().keySet(),
                            relaying.held(),
                            waiting.get().clients())
                    .toByteString()
                    .asReadOnlyByteBuffer());
            relaying.stats().responded();
            outlet.taken();
            waiting = Optional.empty();
            ready--;
            asked--;
            if (asked > 0) {
                manager.tell(new RelayManager.GetStates(collected));
            }
        }
    }

    private static Optional<String> problem(ByteString message) {
        try {
            return ClientStatusRequest.parseFrom(message).getNodeMatchersCount() > 0
                    ? Optional.of("node_matchers are not supported")
                    : Optional.empty();
        } catch (InvalidProtocolBufferException broken) {
            return Optional.of("a request that cannot be decoded");
        }
    }
}
