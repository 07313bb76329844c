package dev.starling.xds.relay;

import dev.starling.xds.relay.RelayManager.States;
import dev.starling.xds.relay.RelayStream.ClientState;
import dev.starling.xds.relay.RelayStream.GetState;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Asks all streams how far their clients are, and tells what came until the time was over. */
final class StateCollector {

    private sealed interface Command {}

    private record One(ClientState state) implements Command {}

    private enum Over implements Command {
        OVER
    }

    private StateCollector() {}

    static Behavior<?> create(
            List<ActorRef<RelayStream.Command>> streams, Duration patience, ActorRef<States> replyTo) {
        return Behaviors.<Command>setup(context -> {
            if (streams.isEmpty()) {
                replyTo.tell(new States(List.of()));
                return Behaviors.stopped();
            }
            return collecting(context, streams, patience, replyTo);
        });
    }

    private static Behavior<Command> collecting(
            ActorContext<Command> context,
            List<ActorRef<RelayStream.Command>> streams,
            Duration patience,
            ActorRef<States> replyTo) {
        ActorRef<ClientState> adapter = context.messageAdapter(ClientState.class, One::new);
        streams.forEach(stream -> stream.tell(new GetState(adapter)));
        List<ClientState> states = new ArrayList<>();
        return Behaviors.withTimers(timers -> {
            timers.startSingleTimer(Over.OVER, patience);
            return Behaviors.receiveMessage(command -> {
                int missing = streams.size() - states.size();
                if (command instanceof One(var state)) {
                    states.add(state);
                    missing--;
                }
                if (missing > 0 && command != Over.OVER) {
                    return Behaviors.same();
                }
                replyTo.tell(new States(states.stream()
                        .filter(state -> !state.node().equals(Node.getDefaultInstance()))
                        .toList()));
                return Behaviors.stopped();
            });
        });
    }
}
