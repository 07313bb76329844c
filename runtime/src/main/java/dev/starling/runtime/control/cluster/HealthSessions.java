package dev.starling.runtime.control.cluster;

import dev.starling.healthcheck.active.EndpointHealthSession;
import dev.starling.healthcheck.active.EndpointHealthSession.Checking;
import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointState;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** The actors that check endpoints, one for each that is to be checked; children of whoever owns the endpoints. */
public final class HealthSessions {

    private final Optional<Checking> checking;
    private final String names;
    private final ActorContext<?> children;
    private final Map<EndpointState, ActorRef<EndpointHealthSession.Command>> sessions = new HashMap<>();
    private long started;

    /**
     * @param checking absent: no endpoint is checked
     * @param names begin so, and none of another owner of sessions among these children does
     */
    public HealthSessions(Optional<Checking> checking, String names, ActorContext<?> children) {
        this.checking = checking;
        this.names = names;
        this.children = children;
    }

    public void start(Endpoint endpoint) {
        if (checking.isPresent() && !endpoint.config().healthCheck().disabled()) {
            sessions.put(
                    endpoint.state(),
                    children.spawn(EndpointHealthSession.create(endpoint, checking.get()), names + ++started));
        }
    }

    public void stop(EndpointState endpoint) {
        ActorRef<EndpointHealthSession.Command> session = sessions.remove(endpoint);
        if (session != null) {
            children.stop(session);
        }
    }

    /** The endpoint is to be checked by what it is now. */
    void restart(Endpoint endpoint) {
        stop(endpoint.state());
        start(endpoint);
    }

    /** An answer of the endpoint has asked for it to be failed. */
    void failPassively(EndpointState endpoint) {
        find(endpoint).ifPresent(session -> session.tell(new EndpointHealthSession.PassiveFailure()));
    }

    public Optional<ActorRef<EndpointHealthSession.Command>> find(EndpointState endpoint) {
        return Optional.ofNullable(sessions.get(endpoint));
    }

    /** The endpoints that are checked, as of now. */
    public Set<EndpointState> checked() {
        return Collections.unmodifiableSet(sessions.keySet());
    }
}
