package dev.starling.runtime.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.starling.config.Locality;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.endpoint.EndpointCollection;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.endpoint.LocalityEndpoints;
import dev.starling.xds.protocol.Change;
import dev.starling.xds.resource.Held;
import dev.starling.xds.subscription.Watch.Update;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LocalityCollectionsTest {

    private final Map<String, Consumer<Update<EndpointConfig>>> watched = new TreeMap<>();
    private final List<String> told = new ArrayList<>();
    private final LocalityCollections collections = new LocalityCollections(
            (collection, update) -> {
                watched.put(collection.name(), update);
                return () -> watched.remove(collection.name());
            },
            assignment -> told.add(assignment.localities().stream()
                    .map(locality -> locality.endpoints().stream()
                            .map(endpoint -> endpoint.address().display())
                            .toList()
                            .toString())
                    .toList()
                    .toString()));

    private static LocalityEndpoints elsewhere(String collection) {
        var source = new ConfigSource.Ads(Duration.ofSeconds(15));
        return new LocalityEndpoints(
                Locality.NONE, 0, 0, List.of(), Optional.of(new EndpointCollection(source, collection)));
    }

    private void assign(LocalityEndpoints... localities) {
        collections.assign(LoadAssignment.of("c", List.of(localities)));
    }

    private void come(String collection, int... endpoints) {
        List<Held<EndpointConfig>> members = new ArrayList<>();
        for (int endpoint : endpoints) {
            members.add(new Held<>(
                    "e" + endpoint,
                    "1",
                    List.of(),
                    Any.getDefaultInstance(),
                    Examples.endpoint(endpoint),
                    0,
                    Instant.EPOCH,
                    false));
        }
        tell(collection, new Update.Answered<>(new Change<>("1", members, List.of(), List.of())));
    }

    private void tell(String collection, Update<EndpointConfig> update) {
        Objects.requireNonNull(watched.get(collection)).accept(update);
    }

    @Test
    void anAssignmentWithoutCollectionsIsPassedOn() {
        collections.assign(Examples.assignment(1));

        assertThat(told).containsExactly("[[10.0.0.1:80]]");
        assertThat(watched).isEmpty();
    }

    @Test
    void anAssignmentCountsWhenAllItsCollectionsHaveBeenHeardOf() {
        assign(elsewhere("a"), elsewhere("b"));
        come("a", 1, 2);
        assertThat(told).isEmpty();

        tell("b", new Update.NothingCame<>());
        assertThat(told).containsExactly("[[10.0.0.1:80, 10.0.0.2:80], []]");

        come("b", 3);
        tell("a", new Update.Answered<>(new Change<>("2", List.of(), List.of("e1"), List.of())));
        assertThat(told.getLast()).isEqualTo("[[10.0.0.2:80], [10.0.0.3:80]]");
    }

    @Test
    void whatIsNoLongerNamedIsNoLongerWatched() {
        assign(elsewhere("a"));
        come("a", 1);

        assign(elsewhere("b"));
        assertThat(watched).containsOnlyKeys("b");
        assertThat(told).hasSize(1);

        come("b", 2);
        assertThat(told.getLast()).isEqualTo("[[10.0.0.2:80]]");
        collections.end();
        assertThat(watched).isEmpty();
    }

    @Test
    void whatStaysIsNotAskedForAgain() {
        assign(elsewhere("a"));
        come("a", 1);

        assign(elsewhere("a"), Examples.assignment(2).localities().getFirst());

        assertThat(told.getLast()).isEqualTo("[[10.0.0.1:80], [10.0.0.2:80]]");
        assertThat(watched).hasSize(1);
    }
}
