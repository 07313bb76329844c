package dev.starling.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.bootstrap.Node;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.discovery.RestApi;
import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.support.FieldSupport;
import dev.starling.xds.resource.HeldResources;
import dev.starling.xds.resource.ResourceTypes;
import dev.starling.xds.subscription.RecordingStats;
import dev.starling.xds.subscription.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiscoveryManagerTest {

    private static final ResourceTypes TYPES = ResourceTypes.readBy(
            new ConfigLoader(
                    new ConfigReader(FieldSupport.builtIn(), Map.of()), new ExtensionRegistry.Builder().build()),
            List.of(),
            UnknownFields.REJECT,
            _ -> true,
            _ -> {});

    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString(
            "pekko.actor.default-dispatcher.type = \"org.apache.pekko.testkit.CallingThreadDispatcherConfigurator\""));
    private final RecordingStats stats = new RecordingStats();
    private final List<String> told = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final ActorRef<DiscoveryManager.Command> manager =
            kit.spawn(DiscoveryManager.create(new DiscoveryManager.Discovering(
                    Optional.empty(),
                    TYPES,
                    Node.NONE,
                    (_, _, _) -> {
                        throw new AssertionError("a stream");
                    },
                    (_, path, _, _) -> {
                        asked.add(path);
                        return () -> asked.add("cancelled");
                    },
                    text -> {
                        throw new InvalidConfigException(Problem.at("", text.toString()));
                    },
                    file -> {
                        throw new InvalidConfigException(Problem.at("", file.toString()));
                    },
                    (_, _) -> () -> {},
                    new HeldResources(),
                    _ -> {
                        throw new AssertionError("a stream");
                    },
                    Optional.empty(),
                    new Random(1),
                    () -> Instant.EPOCH)));

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private Discovery.Watching watch(ConfigSource source) {
        return DiscoveryManager.port(manager)
                .watch(
                        source,
                        new Watch<>(
                                TYPES.endpoints(),
                                Optional.of("a"),
                                Duration.ZERO,
                                _ -> Optional.empty(),
                                stats,
                                Watch.Subscriber.unawaited(
                                        update -> told.add(update.getClass().getSimpleName()))));
    }

    @Test
    void whatCannotComeIsNotWaitedFor() {
        watch(new ConfigSource.Ads(Duration.ZERO)).end();

        assertThat(told).containsExactly("NothingCame");
        assertThat(stats.counted()).containsExactly("attempted", "failed");
    }

    @Test
    void asksOverHttpWhenControlPlanesCanBeReachedAndUntilNobodyWantsToKnow() {
        RestApi api = new RestApi("plane", Duration.ofSeconds(5), Duration.ofSeconds(1));
        watch(new ConfigSource.Rest(api, Duration.ZERO)).end();
        var watching = watch(new ConfigSource.Rest(api, Duration.ZERO));
        assertThat(asked).isEmpty();

        manager.tell(DiscoveryManager.begin());
        assertThat(asked).containsExactly("/v3/discovery:endpoints");

        watching.end();
        assertThat(asked).containsExactly("/v3/discovery:endpoints", "cancelled");
        assertThat(told).isEmpty();
    }
}
