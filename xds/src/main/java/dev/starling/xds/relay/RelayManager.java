package dev.starling.xds.relay;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.starling.xds.relay.Relay.Inlet;
import dev.starling.xds.relay.Relay.Outlet;
import dev.starling.xds.relay.RelayStream.Changed;
import dev.starling.xds.relay.RelayStream.ClientState;
import dev.starling.xds.relay.RelayStream.Event;
import dev.starling.xds.relay.RelayStream.Said;
import dev.starling.xds.resource.HeldResources;
import dev.starling.xds.resource.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Owns the streams of clients that are served what is held: one actor each. */
public final class RelayManager {

    /** How long a client's actor may take to say how far its client is. */
    private static final Duration STATE_TIMEOUT = Duration.ofSeconds(1);

    public sealed interface Command {}

    private record Open(Key key, Service service, RelayGroups groups, Outlet outlet) implements Command {}

    private record Tell(Key key, RelayStream.Command command) implements Command {}

    private record Update(String typeUrl) implements Command {}

    private record Ended(Key key) implements Command {}

    /** How far each client is. */
    record GetStates(ActorRef<States> replyTo) implements Command {}

    /** @param clients that have said what they want, without those that did not answer in time */
    record States(List<ClientState> clients) {
        States {
            clients = List.copyOf(clients);
        }
    }

    /** Each is itself only. */
    private static final class Key {}

    private sealed interface Service {
        record Resources(boolean delta, Optional<String> only) implements Service {}

        record Status() implements Service {}
    }

    /**
     * What it works with.
     *
     * @param types that are served and reported, by type URL; secrets are not to be among them
     * @param held what is served
     * @param node who serves
     */
    public record Relaying(
            Map<String, ResourceType<?>> types, HeldResources held, Node node, RelayStats stats, InstantSource clock) {
        public Relaying {
            types = Map.copyOf(types);
        }
    }

    private final Relaying relaying;
    private final ActorContext<Command> context;
    private final HeldCatalogue catalogue;
    private final Map<Key, ActorRef<RelayStream.Command>> streams = new HashMap<>();
    /** Those of the streams that are of resources. */
    private final Map<Key, ActorRef<RelayStream.Command>> clients = new HashMap<>();

    private int spawned;

    private RelayManager(Relaying relaying, ActorContext<Command> context) {
        this.relaying = relaying;
        this.context = context;
        this.catalogue = new HeldCatalogue(relaying.held());
    }

    public static Behavior<Command> create(Relaying relaying) {
        Behavior<Command> manager = Behaviors.setup(context -> {
            ActorRef<Command> self = context.getSelf();
            relaying.held().listen(typeUrl -> self.tell(new Update(typeUrl)));
            return new RelayManager(relaying, context).managing();
        });
        return Behaviors.supervise(manager).onFailure(SupervisorStrategy.resume());
    }

    /** The same for those who have nothing to do with actors. */
    public static Relay port(ActorRef<Command> manager, Map<String, ResourceType<?>> types) {
        Map<String, Service> services = services(types);
        return (method, groups, outlet) -> Optional.ofNullable(services.get(method))
                .map(service -> {
                    Key key = new Key();
                    manager.tell(new Open(key, service, groups, outlet));
                    return inlet(command -> manager.tell(new Tell(key, command)));
                });
    }

    private static Map<String, Service> services(Map<String, ResourceType<?>> types) {
        Map<String, Service> services = new HashMap<>();
        services.put(RelayDialect.AGGREGATED_SOTW, new Service.Resources(false, Optional.empty()));
        services.put(RelayDialect.AGGREGATED_DELTA, new Service.Resources(true, Optional.empty()));
        services.put(StatusReport.METHOD, new Service.Status());
        types.forEach((typeUrl, type) -> {
            services.put(type.methods().stateOfTheWorld(), new Service.Resources(false, Optional.of(typeUrl)));
            services.put(type.methods().delta(), new Service.Resources(true, Optional.of(typeUrl)));
        });
        return services;
    }

    private interface Teller {
        void tell(RelayStream.Command command);
    }

    private static Inlet inlet(Teller stream) {
        return new Inlet() {
            @Override
            public void message(ByteBuffer message) {
                stream.tell(new Said(ByteString.copyFrom(message)));
            }

            @Override
            public void ready() {
                stream.tell(Event.READY);
            }

            @Override
            public void ended() {
                stream.tell(Event.ENDED);
            }

            @Override
            public void closed() {
                stream.tell(Event.CLOSED);
            }
        };
    }

    private Behavior<Command> managing() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case Open(var key, var service, var groups, var outlet) -> open(key, service, groups, outlet);
                case Tell(var key, var told) -> {
                    ActorRef<RelayStream.Command> stream = streams.get(key);
                    if (stream != null) {
                        stream.tell(told);
                    }
                }
                case Update(var typeUrl) -> {
                    catalogue.changed(typeUrl);
                    clients.values().forEach(client -> client.tell(new Changed(typeUrl)));
                }
                case Ended(var key) -> {
                    streams.remove(key);
                    clients.remove(key);
                    relaying.stats().clients(streams.size());
                }
                case GetStates(var replyTo) ->
                    context.spawnAnonymous(
                            StateCollector.create(List.copyOf(clients.values()), STATE_TIMEOUT, replyTo));
            }
            return Behaviors.same();
        });
    }

    private void open(Key key, Service service, RelayGroups groups, Outlet outlet) {
        if (streams.size() >= RelayLimits.MAX_STREAMS) {
            relaying.stats().turnedAway();
            outlet.end(RelayLimits.RESOURCE_EXHAUSTED, "more than " + RelayLimits.MAX_STREAMS + " streams");
            return;
        }
        Behavior<RelayStream.Command> behavior = switch (service) {
            case Service.Resources(var delta, var only) ->
                delta
                        ? RelayClient.create(serving(RelayDialect.DELTA, only, groups, outlet))
                        : RelayClient.create(serving(RelayDialect.SOTW, only, groups, outlet));
            case Service.Status _ -> StatusStream.create(relaying, context.getSelf(), outlet);
        };
        ActorRef<RelayStream.Command> stream = context.spawn(
                Behaviors.supervise(behavior).onFailure(SupervisorStrategy.stop()), "client-" + ++spawned);
        context.watchWith(stream, new Ended(key));
        streams.put(key, stream);
        if (service instanceof Service.Resources) {
            clients.put(key, stream);
        }
        relaying.stats().clients(streams.size());
    }

    private <Q extends Message> RelayClient.Serving<Q> serving(
            RelayDialect<Q> dialect, Optional<String> only, RelayGroups groups, Outlet outlet) {
        return new RelayClient.Serving<>(
                dialect, relaying.types(), only, catalogue, groups, outlet, relaying.stats(), relaying.clock());
    }
}
