package dev.starling.xds.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.starling.xds.protocol.Change;
import dev.starling.xds.protocol.DeltaType;
import dev.starling.xds.protocol.Refusal;
import dev.starling.xds.resource.Held;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceType.Scope;
import dev.starling.xds.subscription.Watch.Update;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SubscribersTest {

    private static final ResourceType<String> TYPE = ResourceType.of(
            LbEndpoint.getDefaultInstance(),
            Scope.NAMED,
            new ResourceType.Methods("s/StreamAll", "s/DeltaAll"),
            "",
            _ -> "",
            encoded -> encoded.message().getEndpointName(),
            _ -> List.of());

    private final List<String> told = new ArrayList<>();
    private final Subscribers<String> subscribers = new Subscribers<>(new DeltaType<>(TYPE), this::tell);

    private <T> void tell(Watch<T> watch, Update<T> update) {
        if (update instanceof Update.Answered<T>(var change)) {
            told.add(watch.name().orElse("*") + ": " + change.names().toList());
        }
    }

    private void watch(String name, Function<String, Optional<String>> objection) {
        subscribers.add(
                new Watch<>(
                        TYPE,
                        Optional.of(name),
                        Duration.ZERO,
                        objection,
                        new RecordingStats(),
                        Watch.Subscriber.unawaited(_ -> {})),
                Instant.EPOCH);
    }

    private static Held<String> held(String name) {
        return new Held<>(name, "1", List.of(), Any.getDefaultInstance(), "text", 0, Instant.EPOCH, false);
    }

    @Test
    void aResourceIsRefusedIfAllWhoWantItObject() {
        watch("a", text -> Optional.of("not " + text));
        assertThat(subscribers.against("a", "this")).contains("not this");
        assertThat(subscribers.against("b", "this")).isEmpty();

        watch("a", _ -> Optional.empty());
        assertThat(subscribers.against("a", "this")).isEmpty();
    }

    @Test
    void whoWatchesACollectionIsToldOfItsMembersAtOnce() {
        watch("xdstp://p/T/c/*", _ -> Optional.empty());
        watch("xdstp://p/T/c/1", _ -> Optional.empty());

        subscribers.tell(
                new Change<>(
                        "1",
                        Stream.of("xdstp://p/T/c/1", "xdstp://p/T/c/2", "xdstp://p/T/d/3", "plain")
                                .map(SubscribersTest::held)
                                .toList(),
                        List.of("xdstp://p/T/c/4"),
                        List.of(new Refusal("xdstp://p/T/c/5", "bad"))),
                Instant.EPOCH);

        assertThat(told)
                .containsExactly(
                        "xdstp://p/T/c/1: [xdstp://p/T/c/1]",
                        "xdstp://p/T/c/*: [xdstp://p/T/c/1, xdstp://p/T/c/2, xdstp://p/T/c/4, xdstp://p/T/c/5]");
    }
}
