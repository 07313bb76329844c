package dev.starling.xds.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.typesafe.config.ConfigFactory;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.discovery.RestApi;
import dev.starling.xds.ChosenDraws;
import dev.starling.xds.resource.HeldResources;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceType.Methods;
import dev.starling.xds.resource.ResourceType.Scope;
import dev.starling.xds.subscription.RecordingStats;
import dev.starling.xds.subscription.Watch;
import dev.starling.xds.subscription.Watch.Update;
import dev.starling.xds.transport.Fetcher;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestSourceTest {

    private static final ResourceType<String> TYPE = ResourceType.of(
            ClusterLoadAssignment.getDefaultInstance(),
            Scope.NAMED,
            new Methods("envoy.service.endpoint.v3.EndpointDiscoveryService/StreamEndpoints", ""),
            "",
            ClusterLoadAssignment::getClusterName,
            encoded -> {
                var assignment = encoded.message();
                if (assignment.hasPolicy()) {
                    throw new InvalidConfigException(Problem.at("policy", "is wrong"));
                }
                return assignment.getClusterName() + "x" + assignment.getEndpointsCount();
            },
            _ -> List.of());

    private final ActorTestKit kit =
            ActorTestKit.create(ConfigFactory.parseString("pekko.actor.default-dispatcher.type = "
                            + "\"org.apache.pekko.testkit.CallingThreadDispatcherConfigurator\"")
                    .withFallback(ManualTime.config()));
    private final ManualTime time = ManualTime.get(kit.system());
    private final RecordingStats stats = new RecordingStats();
    private final HeldResources held = new HeldResources();
    private final List<String> told = new ArrayList<>();
    private final List<Runnable> unseen = new ArrayList<>();
    private final Plane plane = new Plane();
    private ActorRef<RestSource.Command> source;

    /** Answers when the test says so. */
    private static final class Plane implements Fetcher {

        private final List<String> asked = new ArrayList<>();
        private Consumer<Fetched> pending = _ -> {};
        private DiscoveryResponse response = DiscoveryResponse.getDefaultInstance();
        private boolean cancelled;

        @Override
        public Runnable post(RestApi api, String path, ByteBuffer json, Consumer<Fetched> answered) {
            asked.add(path + " " + StandardCharsets.UTF_8.decode(json));
            pending = answered;
            return () -> cancelled = true;
        }

        void answer(int status) {
            pending.accept(new Fetched.Answer(status, ByteBuffer.allocate(0)));
        }

        void answer(String version, ClusterLoadAssignment... resources) {
            var builder = DiscoveryResponse.newBuilder().setVersionInfo(version);
            for (var resource : resources) {
                builder.addResources(Any.pack(resource));
            }
            response = builder.build();
            answer(200);
        }

        /** Since it was last asked for. */
        List<String> asked() {
            var taken = List.copyOf(asked);
            asked.clear();
            return taken;
        }
    }

    @BeforeEach
    void start() {
        var watch = new Watch<String>(
                TYPE, Optional.of("a"), Duration.ofSeconds(2), _ -> Optional.empty(), stats, (update, taken) -> {
                    switch (update) {
                        case Update.NothingCame<String> _ -> told.add("nothing");
                        case Update.Answered<String>(var change) -> {
                            change.updated().forEach(resource -> told.add(resource.resource()));
                            change.refused().forEach(refusal -> told.add("?" + refusal.name()));
                        }
                    }
                    unseen.add(taken);
                });
        source = kit.spawn(RestSource.create(
                new RestSource.Asking(
                        new RestApi("plane", Duration.ofSeconds(5), Duration.ofSeconds(1)),
                        Node.newBuilder().setId("me").build(),
                        plane,
                        _ -> {
                            if (plane.response.getVersionInfo().equals("broken")) {
                                throw new InvalidConfigException(Problem.at("", "no JSON"));
                            }
                            return plane.response;
                        },
                        held,
                        new ChosenDraws(bound -> bound / 2),
                        () -> Instant.EPOCH),
                watch));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private static ClusterLoadAssignment endpoints(int localities) {
        var assignment = ClusterLoadAssignment.newBuilder().setClusterName("a");
        for (int i = 0; i < localities; i++) {
            assignment.addEndpointsBuilder();
        }
        return assignment.build();
    }

    private void seen() {
        unseen.forEach(Runnable::run);
        unseen.clear();
    }

    private void untilNext() {
        plane.asked();
        time.timePasses(Duration.ofMillis(7499));
        assertThat(plane.asked).isEmpty();
        time.timePasses(Duration.ofMillis(1));
        assertThat(plane.asked).hasSize(1);
    }

    @Test
    void asksAtOnceAndThenAWhileAfterEachAnswerWasSeenTo() {
        assertThat(plane.asked())
                .containsExactly("/v3/discovery:endpoints {\"node\":{\"id\":\"me\"},\"resource_names\":[\"a\"],"
                        + "\"type_url\":\"type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment\"}");
        plane.answer("1", endpoints(1));
        assertThat(told).containsExactly("ax1");
        assertThat(stats.counted()).containsExactly("succeeded 1");
        time.timePasses(Duration.ofMinutes(1));
        assertThat(plane.asked).isEmpty();

        seen();
        time.timePasses(Duration.ofMillis(7500));

        assertThat(plane.asked().getFirst()).contains("{\"version_info\":\"1\",\"node\"");
    }

    @Test
    void whatHasNotChangedIsToldToNobodyButCounted() {
        plane.answer("1", endpoints(1));
        seen();
        untilNext();
        plane.answer("2", endpoints(1));

        assertThat(told).containsExactly("ax1");
        assertThat(stats.counted()).containsExactly("succeeded 1", "succeeded 2");
        untilNext();
        plane.answer(304);
        assertThat(stats.counted()).containsExactly("attempted");
        untilNext();
    }

    @Test
    void anythingButAnAnswerIsAFailureAndTriedAgain() {
        plane.answer(500);
        assertThat(stats.counted()).containsExactly("failed");
        untilNext();
        plane.pending.accept(new Fetcher.Fetched.Failed("gone"));
        assertThat(stats.counted()).containsExactly("timed out", "failed");
        assertThat(told).containsExactly("nothing");
        seen();
        untilNext();
        plane.answer("1", endpoints(2));
        assertThat(told).containsExactly("nothing", "ax2");
    }

    @Test
    void whatIsNoResponseLeavesWhatWasThere() {
        plane.answer("1", endpoints(1));
        seen();
        untilNext();
        stats.counted();
        plane.answer("broken");

        assertThat(stats.counted()).containsExactly("rejected");
        assertThat(told).containsExactly("ax1");
        assertThat(held.held(TYPE.typeUrl())).hasSize(1);
        untilNext();
    }

    @Test
    void aFirstAnswerThatIsRefusedEndsTheWaiting() {
        plane.answer("broken");
        assertThat(told).containsExactly("nothing");
        time.timePasses(Duration.ofSeconds(3));
        assertThat(stats.counted()).containsExactly("rejected");
    }

    @Test
    void aBadResourceIsRefusedByNameAndItsVersionIsNotTaken() {
        plane.answer(
                "1",
                endpoints(1).toBuilder()
                        .setPolicy(ClusterLoadAssignment.Policy.getDefaultInstance())
                        .build());
        seen();

        assertThat(told).containsExactly("?a");
        assertThat(stats.counted()).containsExactly("rejected");
        assertThat(held.refused(TYPE.typeUrl()).toString()).isEqualTo("[a: policy: is wrong]");
        plane.asked();
        time.timePasses(Duration.ofMillis(7500));
        assertThat(plane.asked().getFirst()).doesNotContain("version_info", "error_detail");
    }

    @Test
    void theLastQuestionIsCancelledWhenNobodyWantsTheAnswer() {
        plane.answer("1", endpoints(1));
        kit.stop(source);

        assertThat(plane.cancelled).isTrue();
        assertThat(held.held(TYPE.typeUrl())).isEmpty();
    }
}
