package dev.starling.xds.relay;

import com.google.protobuf.ByteString;
import dev.starling.xds.relay.ClientType.Standing;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What the actor of one stream is told. */
final class RelayStream {

    private RelayStream() {}

    sealed interface Command {}

    record Said(ByteString message) implements Command {}

    enum Event implements Command {
        /** One more message can be sent. */
        READY,
        /** The client says no more. */
        ENDED,
        /** The stream is over. */
        CLOSED
    }

    /** What there is of a type. */
    record Changed(String typeUrl) implements Command {}

    /** For a stream of status. */
    record Collected(RelayManager.States states) implements Command {}

    record GetState(ActorRef<ClientState> replyTo) implements Command {}

    /**
     * How far a client is. The node is empty until it has said who it is.
     *
     * @param group empty if there are none
     */
    record ClientState(Node node, String group, List<ResourceState> resources) {
        ClientState {
            resources = List.copyOf(resources);
        }
    }

    /** @param served whether there is such a resource for this client */
    record ResourceState(String typeUrl, String name, boolean served, Standing standing) {}
}
