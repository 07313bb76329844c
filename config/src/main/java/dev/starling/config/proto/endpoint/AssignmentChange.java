package dev.starling.config.proto.endpoint;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LocalityEndpoints;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is new in an assignment that takes the place of another: of 100,000 endpoints few differ, and only those are worth
 * parsing, checking and translating. An endpoint is the same if its bytes are, wherever it stands.
 */
public final class AssignmentChange {

    private final SerializedAssignment next;
    private final @Nullable EndpointConfig[] known;
    private final List<Fresh> fresh = new ArrayList<>();

    /** One that is still to be read; {@code known} has nothing in its place. */
    private record Fresh(int endpoint, LbEndpoint message) {}

    private AssignmentChange(SerializedAssignment next) {
        this.next = next;
        this.known = new EndpointConfig[next.size()];
    }

    /**
     * Empty where it must be read as a whole: there is nothing to compare it with, or it is not well formed.
     *
     * @param before by the cluster's name what it would take the place of
     */
    public static Optional<AssignmentChange> of(
            ByteString message, Function<String, Optional<KnownAssignment>> before) {
        try {
            var next = SerializedAssignment.of(message);
            var held = before.apply(next.rest().getClusterName());
            return held.isPresent() && !mixesCollections(next) ? between(held.get(), next) : Optional.empty();
        } catch (InvalidProtocolBufferException _) {
            return Optional.empty();
        }
    }

    /** Endpoints beside a collection are told of by who reads all of a locality. */
    private static boolean mixesCollections(SerializedAssignment next) {
        return next.size() > 0
                && next.rest().getEndpointsList().stream().anyMatch(LocalityLbEndpoints::hasLedsClusterLocalityConfig);
    }

    private static Optional<AssignmentChange> between(KnownAssignment held, SerializedAssignment next)
            throws InvalidProtocolBufferException {
        var before = SerializedAssignment.of(held.message());
        var configs = new ArrayList<EndpointConfig>(before.size());
        for (var locality : held.assignment().localities()) {
            configs.addAll(locality.endpoints());
        }
        if (configs.size() != before.size()) {
            return Optional.empty();
        }
        var change = new AssignmentChange(next);
        var matches = new EndpointMatches(before, next);
        for (int i = 0; i < next.size(); i++) {
            int same = matches.find(i);
            if (same < 0) {
                change.fresh.add(new Fresh(i, next.parse(i)));
            } else {
                change.known[i] = configs.get(same);
            }
        }
        return Optional.of(change);
    }

    /** The cluster it is for. */
    public String name() {
        return next.rest().getClusterName();
    }

    /** All but the endpoints. */
    public ClusterLoadAssignment rest() {
        return next.rest();
    }

    /** Told of an endpoint that is not known yet, and where it stands. */
    @FunctionalInterface
    public interface FreshEndpoint {
        void tell(LbEndpoint message, int locality, int place);
    }

    public void forEachFresh(FreshEndpoint told) {
        int locality = 0;
        for (var each : fresh) {
            while (each.endpoint >= next.end(locality)) {
                locality++;
            }
            told.tell(each.message, locality, each.endpoint - start(locality));
        }
    }

    /**
     * The localities with their endpoints.
     *
     * @param empty the localities without
     * @param read what has become of those that were not known, in their order
     */
    List<LocalityEndpoints> filled(List<LocalityEndpoints> empty, List<? extends @Nullable EndpointConfig> read) {
        var all = new ArrayList<EndpointConfig>(known.length);
        int number = 0;
        for (var config : known) {
            all.add(Objects.requireNonNull(config == null ? read.get(number++) : config));
        }
        var filled = new ArrayList<LocalityEndpoints>(empty.size());
        for (var locality : empty) {
            int place = filled.size();
            filled.add(locality.with(all.subList(start(place), next.end(place))));
        }
        return filled;
    }

    private int start(int locality) {
        return locality == 0 ? 0 : next.end(locality - 1);
    }
}
