package dev.starling.xds.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.typesafe.config.ConfigFactory;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.xds.resource.HeldResources;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceType.Methods;
import dev.starling.xds.resource.ResourceType.Scope;
import dev.starling.xds.subscription.RecordingStats;
import dev.starling.xds.subscription.Watch;
import dev.starling.xds.subscription.Watch.Subscriber;
import dev.starling.xds.subscription.Watch.Update;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FileSourceTest {

    private static final ResourceType<String> TYPE = ResourceType.of(
            ClusterLoadAssignment.getDefaultInstance(),
            Scope.NAMED,
            new Methods("s", "d"),
            "",
            ClusterLoadAssignment::getClusterName,
            encoded ->
                    encoded.message().getClusterName() + "x" + encoded.message().getEndpointsCount(),
            _ -> List.of());

    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString(
            "pekko.actor.default-dispatcher.type = \"org.apache.pekko.testkit.CallingThreadDispatcherConfigurator\""));
    private final FakeFiles files = new FakeFiles();
    private final List<String> told = new ArrayList<>();
    private final RecordingStats stats = new RecordingStats();

    private static final class FakeFiles implements FileReader, FileSource.Folders {

        private Optional<DiscoveryResponse> content = Optional.empty();
        private Runnable moved = () -> {};
        private String folder = "";
        private Optional<Object> identity = Optional.empty();

        @Override
        public Optional<Object> identity(Path file) {
            return identity;
        }

        @Override
        public DiscoveryResponse read(Path file) throws InvalidConfigException {
            return content.orElseThrow(() -> new InvalidConfigException(Problem.at("", "unreadable")));
        }

        @Override
        public Runnable watch(Path watched, Runnable listener) {
            folder = watched.toString();
            moved = listener;
            return () -> folder = "";
        }

        void moveIn(String version, ClusterLoadAssignment... resources) {
            var response = DiscoveryResponse.newBuilder().setVersionInfo(version);
            for (var resource : resources) {
                response.addResources(Any.pack(resource));
            }
            content = Optional.of(response.build());
            moved.run();
        }
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private static ClusterLoadAssignment endpoints(String name, int localities) {
        var assignment = ClusterLoadAssignment.newBuilder().setClusterName(name);
        for (int i = 0; i < localities; i++) {
            assignment.addEndpointsBuilder();
        }
        return assignment.build();
    }

    private ActorRef<FileSource.Command> source(Optional<String> watchedDirectory) {
        return kit.spawn(FileSource.create(
                new ConfigSource.File("/etc/x/eds.yaml", watchedDirectory, Duration.ZERO),
                TYPE,
                files,
                files,
                new HeldResources(),
                () -> Instant.EPOCH));
    }

    private Watch<String> watch(String name) {
        return new Watch<>(
                TYPE, Optional.of(name), Duration.ZERO, _ -> Optional.empty(), stats, Subscriber.unawaited(update -> {
                    switch (update) {
                        case Update.NothingCame<String> _ -> told.add("nothing");
                        case Update.Answered<String>(var change) ->
                            change.updated().forEach(held -> told.add(held.resource()));
                    }
                }));
    }

    @Test
    void tellsWhatIsInTheFileAndWhatIsMovedInLater() {
        files.moveIn("1", endpoints("a", 1), endpoints("b", 1));
        var source = source(Optional.empty());
        assertThat(files.folder).isEqualTo("/etc/x");

        source.tell(new FileSource.Add(watch("a")));
        assertThat(told).containsExactly("ax1");

        files.moveIn("2", endpoints("a", 2), endpoints("b", 2));
        assertThat(told).containsExactly("ax1", "ax2");
    }

    @Test
    void watchesTheFolderItIsToldTo() {
        source(Optional.of("/etc/x/..data"));

        assertThat(files.folder).isEqualTo("/etc/x/..data");
    }

    @Test
    void whatTheFileDoesNotHaveIsToldAtOnceAndMayComeYet() {
        files.moveIn("1");
        var source = source(Optional.empty());

        source.tell(new FileSource.Add(watch("a")));
        assertThat(told).containsExactly("nothing");

        files.moveIn("2", endpoints("a", 1));
        assertThat(told).containsExactly("nothing", "ax1");
    }

    @Test
    void aFileThatIsTheSameIsNotReadAgain() {
        files.identity = Optional.of(1);
        files.moveIn("1", endpoints("a", 1));
        var source = source(Optional.empty());
        source.tell(new FileSource.Add(watch("a")));

        files.moveIn("2", endpoints("a", 2));
        assertThat(told).containsExactly("ax1");

        files.identity = Optional.of(2);
        files.moved.run();
        assertThat(told).containsExactly("ax1", "ax2");
        assertThat(stats.counted()).containsExactly("succeeded 1", "succeeded 2");
    }

    @Test
    void aFileThatCannotBeReadLeavesWhatWasThere() {
        files.moveIn("1", endpoints("a", 1));
        var source = source(Optional.empty());
        source.tell(new FileSource.Add(watch("a")));
        stats.counted();

        files.content = Optional.empty();
        files.moved.run();

        assertThat(told).containsExactly("ax1");
        assertThat(stats.counted()).containsExactly("failed");
        source.tell(new FileSource.Add(watch("a")));
        assertThat(told).containsExactly("ax1", "ax1");
    }
}
