package dev.starling.xds.relay;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.starling.xds.relay.ClientType.Offer;
import dev.starling.xds.relay.Relay.Outlet;
import dev.starling.xds.relay.RelayStream.Changed;
import dev.starling.xds.relay.RelayStream.ClientState;
import dev.starling.xds.relay.RelayStream.Command;
import dev.starling.xds.relay.RelayStream.Event;
import dev.starling.xds.relay.RelayStream.GetState;
import dev.starling.xds.relay.RelayStream.ResourceState;
import dev.starling.xds.relay.RelayStream.Said;
import dev.starling.xds.resource.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * One client's stream: what it wants and has of each type. It is told one thing at a time, when its connection can take it,
 * and then what is true at that moment: a client that does not read costs no more than its state. What others refer to goes
 * first.
 */
final class RelayClient<Q extends Message> {

    /**
     * What it works with.
     *
     * @param types that are served, by type URL
     * @param only the type of a stream that is for one; absent: the aggregated stream
     * @param groups of which the client is of one, by its first request
     */
    record Serving<Q extends Message>(
            RelayDialect<Q> dialect,
            Map<String, ResourceType<?>> types,
            Optional<String> only,
            Catalogue catalogue,
            RelayGroups groups,
            Outlet outlet,
            RelayStats stats,
            InstantSource clock) {
        Serving {
            types = Map.copyOf(types);
        }
    }

    private static final Comparator<String> BY_PRECEDENCE =
            Comparator.comparingInt((String typeUrl) -> precedence(typeUrl)).thenComparing(Comparator.naturalOrder());

    private final Serving<Q> serving;
    private final SortedMap<String, ClientType> types = new TreeMap<>(BY_PRECEDENCE);
    private final TreeSet<String> due = new TreeSet<>(BY_PRECEDENCE);
    /** Of what was looked at last, by type. */
    private final Map<String, String> looked = new HashMap<>();

    private Node node = Node.getDefaultInstance();
    private @Nullable ServedGroup group;
    private int ready;
    private int nonce;

    private RelayClient(Serving<Q> serving) {
        this.serving = serving;
    }

    static <Q extends Message> Behavior<Command> create(Serving<Q> serving) {
        return Behaviors.setup(_ -> {
            RelayClient<Q> client = new RelayClient<>(serving);
            return Behaviors.receiveMessage(command -> client.on(command) ? Behaviors.same() : Behaviors.stopped());
        });
    }

    /** Clusters before what is in them, and both before what refers to them; the rest in between. */
    private static int precedence(String typeUrl) {
        return switch (typeUrl.substring(typeUrl.lastIndexOf('.') + 1)) {
            case "Cluster" -> 0;
            case "ClusterLoadAssignment" -> 1;
            case "Listener" -> 3;
            case "RouteConfiguration", "ScopedRouteConfiguration" -> 4;
            default -> 2;
        };
    }

    /** False when the stream is over. */
    private boolean on(Command command) {
        return switch (command) {
            case Said(var message) -> {
                Optional<Refusal> refusal = take(message);
                refusal.ifPresent(why -> {
                    serving.stats().turnedAway();
                    serving.outlet().end(why.status(), why.message());
                });
                serving.outlet().taken();
                serve();
                yield refusal.isEmpty();
            }
            case Changed(var typeUrl) -> {
                // Most changes are of no concern to most groups.
                if (types.containsKey(typeUrl) && !current(typeUrl).version().equals(looked.get(typeUrl))) {
                    due.add(typeUrl);
                    serve();
                }
                yield true;
            }
            case GetState(var replyTo) -> {
                replyTo.tell(state());
                yield true;
            }
            case Event.READY -> {
                ready++;
                serve();
                yield true;
            }
            case Event.ENDED -> {
                serving.outlet().end(RelayLimits.OK, "");
                yield false;
            }
            case Event.CLOSED -> false;
            case RelayStream.Collected _ -> true; // of streams of status
        };
    }

    private record Refusal(int status, String message) {}

    private Optional<Refusal> take(ByteString message) {
        Q request;
        try {
            request = serving.dialect().read(message);
        } catch (InvalidProtocolBufferException broken) {
            return Optional.of(new Refusal(RelayLimits.INVALID_ARGUMENT, "a request that cannot be decoded"));
        }
        Node told = serving.dialect().node().apply(request);
        if (!told.equals(Node.getDefaultInstance())) {
            node = told;
        }
        if (group == null) {
            group = serving.groups().of(node).orElse(null);
        }
        if (group == null) {
            return Optional.of(new Refusal(
                    RelayLimits.PERMISSION_DENIED, "node '" + node.getId() + "' is of no group that is served"));
        }
        String asked = serving.dialect().typeUrl().apply(request);
        String typeUrl = asked.isEmpty() ? serving.only().orElse("") : asked;
        if (typeUrl.isEmpty() || !serving.only().orElse(typeUrl).equals(typeUrl)) {
            return Optional.of(new Refusal(RelayLimits.INVALID_ARGUMENT, "type URL '" + asked + "' on this stream"));
        }
        ResourceType<?> known = serving.types().get(typeUrl);
        if (known == null) {
            return Optional.empty(); // as if there were none, and nobody knew: later versions may know more types
        }
        boolean first = !types.containsKey(typeUrl);
        ClientType type = types.computeIfAbsent(
                typeUrl, _ -> new ClientType(serving.dialect().manner().apply(known.scope())));
        serving.dialect()
                .taking()
                .take(request, first, type, serving.clock().instant())
                .ifPresent(accepted -> {
                    if (accepted) {
                        serving.stats().accepted();
                    } else {
                        serving.stats().refused();
                    }
                });
        due.add(typeUrl);
        return type.interest() > RelayLimits.MAX_NAMES
                ? Optional.of(new Refusal(
                        RelayLimits.RESOURCE_EXHAUSTED, "more than " + RelayLimits.MAX_NAMES + " names of one type"))
                : Optional.empty();
    }

    private void serve() {
        while (ready > 0 && !due.isEmpty()) {
            String typeUrl = due.removeFirst();
            ClientType type = types.get(typeUrl);
            if (type == null) {
                continue;
            }
            ServedType current = current(typeUrl);
            looked.put(typeUrl, current.version());
            String next = Integer.toHexString(nonce + 1);
            Optional<Offer> offer = type.next(current, next);
            if (offer.isPresent()) {
                nonce++;
                ready--;
                serving.stats().responded();
                serving.outlet()
                        .send(serving.dialect()
                                .writing()
                                .write(typeUrl, current.version(), next, offer.get())
                                .asReadOnlyByteBuffer());
            }
        }
    }

    private ServedType current(String typeUrl) {
        return group == null
                ? ServedType.UNKNOWN
                : group.share(typeUrl, serving.catalogue().of(typeUrl));
    }

    private ClientState state() {
        List<ResourceState> resources = new ArrayList<>();
        types.forEach((typeUrl, type) -> {
            Set<String> served = current(typeUrl).byName().keySet();
            type.told().stream()
                    .sorted()
                    .forEach(name -> type.standing(name)
                            .ifPresent(standing ->
                                    resources.add(new ResourceState(typeUrl, name, served.contains(name), standing))));
        });
        return new ClientState(node, group == null ? "" : group.config().name(), resources);
    }
}
