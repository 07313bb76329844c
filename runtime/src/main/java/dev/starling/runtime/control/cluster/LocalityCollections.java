package dev.starling.runtime.control.cluster;

import dev.starling.config.endpoint.EndpointCollection;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.endpoint.LocalityEndpoints;
import dev.starling.xds.Discovery.Watching;
import dev.starling.xds.subscription.Watch.Update;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a cluster's localities that come one by one (LEDS), put into the assignment that names them. As Envoy: an
 * assignment counts when all its collections have been heard of, or not in time; until then the one before stays. Told by
 * several sources, so any thread.
 */
final class LocalityCollections {

    private final BiFunction<EndpointCollection, Consumer<Update<EndpointConfig>>, Watching> watch;
    private final Consumer<LoadAssignment> complete;
    private final Map<EndpointCollection, Members> followed = new HashMap<>();
    private @Nullable LoadAssignment assignment;

    private static final class Members {

        private final NavigableMap<String, EndpointConfig> endpoints = new TreeMap<>();
        private @Nullable Watching watching;
        private boolean heard;

        void end() {
            if (watching != null) {
                watching.end();
            }
        }
    }

    /**
     * @param watch begins to watch a collection
     * @param complete told each assignment with all its endpoints
     */
    LocalityCollections(
            BiFunction<EndpointCollection, Consumer<Update<EndpointConfig>>, Watching> watch,
            Consumer<LoadAssignment> complete) {
        this.watch = watch;
        this.complete = complete;
    }

    synchronized void assign(LoadAssignment next) {
        assignment = next;
        Set<EndpointCollection> named = Set.copyOf(next.collections());
        followed.entrySet().removeIf(entry -> {
            boolean gone = !named.contains(entry.getKey());
            if (gone) {
                entry.getValue().end();
            }
            return gone;
        });
        for (EndpointCollection collection : named) {
            if (!followed.containsKey(collection)) {
                Members members = new Members();
                followed.put(collection, members);
                members.watching = watch.apply(collection, update -> tell(collection, update));
            }
        }
        tellIfComplete();
    }

    private synchronized void tell(EndpointCollection collection, Update<EndpointConfig> update) {
        Members members = followed.get(collection);
        if (members == null) {
            return;
        }
        members.heard = true;
        if (update instanceof Update.Answered<EndpointConfig>(var change)) {
            change.updated().forEach(held -> members.endpoints.put(held.name(), held.resource()));
            change.removed().forEach(members.endpoints::remove);
        }
        tellIfComplete();
    }

    private void tellIfComplete() {
        if (assignment == null) {
            return;
        }
        if (followed.isEmpty()) {
            complete.accept(assignment);
        } else if (followed.values().stream().allMatch(members -> members.heard)) {
            complete.accept(assignment.with(
                    assignment.localities().stream().map(this::filled).toList()));
        }
    }

    private LocalityEndpoints filled(LocalityEndpoints locality) {
        return locality.collection()
                .map(followed::get)
                .map(members -> locality.with(List.copyOf(members.endpoints.values())))
                .orElse(locality);
    }

    synchronized void end() {
        followed.values().forEach(Members::end);
        followed.clear();
    }
}
