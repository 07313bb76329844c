package dev.starling.xds.stream;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.typesafe.config.ConfigFactory;
import dev.starling.config.ByteCount;
import dev.starling.config.discovery.ApiConfigSource;
import dev.starling.config.discovery.ApiConfigSource.RateLimit;
import dev.starling.config.discovery.ApiConfigSource.Variant;
import dev.starling.config.discovery.GrpcService;
import dev.starling.config.discovery.GrpcService.Backoff;
import dev.starling.config.discovery.GrpcService.Target;
import dev.starling.config.proto.EncodedMessage;
import dev.starling.xds.ChosenDraws;
import dev.starling.xds.resource.HeldResources;
import dev.starling.xds.resource.Reference;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceType.Methods;
import dev.starling.xds.resource.ResourceType.Scope;
import dev.starling.xds.subscription.RecordingStats;
import dev.starling.xds.subscription.Watch;
import dev.starling.xds.subscription.Watch.Update;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;

/** A stream with time in the test's hand; clusters refer to endpoints of their {@code alt_stat_name}. */
final class StreamFixture extends RecordingStats implements AutoCloseable, StreamStats {

    static final ResourceType<ClusterLoadAssignment> ENDPOINTS = ResourceType.of(
            ClusterLoadAssignment.getDefaultInstance(),
            Scope.NAMED,
            new Methods("s", "d"),
            "",
            ClusterLoadAssignment::getClusterName,
            EncodedMessage::message,
            _ -> List.of());
    static final ResourceType<Cluster> CLUSTERS = ResourceType.of(
            Cluster.getDefaultInstance(),
            Scope.WHOLE,
            new Methods("s", "d"),
            "",
            Cluster::getName,
            EncodedMessage::message,
            cluster -> cluster.getAltStatName().isEmpty()
                    ? List.of()
                    : List.of(new Reference(ENDPOINTS.typeUrl(), cluster.getAltStatName())));

    final ScriptedTransport transport = new ScriptedTransport();
    final HeldResources held = new HeldResources();
    final List<String> told = new ArrayList<>();
    final ArrayDeque<Runnable> unseen = new ArrayDeque<>();
    final ActorRef<DiscoveryStream.Command> stream;
    private final ActorTestKit kit;
    private final ManualTime time;
    private Instant now = Instant.EPOCH;

    StreamFixture() {
        this(false, Optional.empty());
    }

    StreamFixture(boolean nodeOnFirstMessageOnly, Optional<RateLimit> rateLimit) {
        // One thread, the test's own.
        kit = ActorTestKit.create(ConfigFactory.parseString("pekko.actor.default-dispatcher.type = "
                        + "\"org.apache.pekko.testkit.CallingThreadDispatcherConfigurator\"")
                .withFallback(ManualTime.config()));
        time = ManualTime.get(kit.system());
        var service = new GrpcService(
                new Target.Cluster("control", "", ByteCount.mebibytes(1), false), List.of(), Backoff.DEFAULT);
        stream = kit.spawn(DiscoveryStream.create(new DiscoveryStream.Streaming(
                "ads",
                new ApiConfigSource(Variant.STATE_OF_THE_WORLD, service, nodeOnFirstMessageOnly, rateLimit),
                Optional.empty(),
                Map.of(CLUSTERS.typeUrl(), CLUSTERS, ENDPOINTS.typeUrl(), ENDPOINTS),
                Node.newBuilder().setId("me").build(),
                transport,
                held,
                this,
                new ChosenDraws(bound -> bound - 1), // the longest wait each time
                () -> now)));
    }

    void begin() {
        stream.tell(DiscoveryStream.Begin.BEGIN);
    }

    Watch<Cluster> watchClusters() {
        return watch(CLUSTERS, Optional.empty(), Cluster::getName);
    }

    Watch<ClusterLoadAssignment> watchEndpoints(String name) {
        return watch(
                ENDPOINTS,
                Optional.of(name),
                assignment -> assignment.getClusterName() + "x" + assignment.getEndpointsCount());
    }

    /** One who sees to what he is told when {@link #unseen} says so. */
    Watch<ClusterLoadAssignment> watchEndpointsSlowly(String name) {
        var watch = new Watch<>(
                ENDPOINTS, Optional.of(name), Duration.ofSeconds(15), _ -> Optional.empty(), this, (update, taken) -> {
                    told.add(write(update, assignment -> "x" + assignment.getEndpointsCount()));
                    unseen.add(taken);
                });
        stream.tell(new DiscoveryStream.Add(watch));
        return watch;
    }

    private <R> Watch<R> watch(ResourceType<R> type, Optional<String> name, Function<R, String> write) {
        var watch = new Watch<>(
                type,
                name,
                Duration.ofSeconds(15),
                _ -> Optional.empty(),
                this,
                Watch.Subscriber.unawaited(update -> told.add(write(update, write))));
        stream.tell(new DiscoveryStream.Add(watch));
        return watch;
    }

    private static <R> String write(Update<R> update, Function<R, String> write) {
        return switch (update) {
            case Update.NothingCame<R> _ -> "nothing";
            case Update.Answered<R>(var change) -> {
                var words = new ArrayList<String>();
                change.updated().forEach(resource -> words.add("+" + write.apply(resource.resource())));
                change.removed().forEach(name -> words.add("-" + name));
                change.refused().forEach(refusal -> words.add("?" + refusal.name()));
                yield String.join(" ", words);
            }
        };
    }

    void end(Watch<?> watch) {
        stream.tell(new DiscoveryStream.Remove(watch));
    }

    void answer(ResourceType<?> type, String version, Message... resources) {
        var response = DiscoveryResponse.newBuilder()
                .setTypeUrl(type.typeUrl())
                .setVersionInfo(version)
                .setNonce("n" + version);
        response.getControlPlaneBuilder().setIdentifier("plane");
        for (Message resource : resources) {
            response.addResources(Any.pack(resource));
        }
        transport.answer(response.build());
    }

    static Cluster cluster(String name, String endpoints) {
        return Cluster.newBuilder().setName(name).setAltStatName(endpoints).build();
    }

    static ClusterLoadAssignment endpoints(String name, int localities) {
        var assignment = ClusterLoadAssignment.newBuilder().setClusterName(name);
        for (int i = 0; i < localities; i++) {
            assignment.addEndpointsBuilder();
        }
        return assignment.build();
    }

    List<String> told() {
        var taken = List.copyOf(told);
        told.clear();
        return taken;
    }

    void pass(Duration duration) {
        now = now.plus(duration);
        time.timePasses(duration);
    }

    @Override
    public void connected(boolean connected) {
        count(connected ? "connected" : "disconnected");
    }

    @Override
    public void rateLimited() {
        count("rate limited");
    }

    @Override
    public void pendingRequests(int count) {
        if (count > 0) {
            count("pending " + count);
        }
    }

    @Override
    public void identified(String name) {
        count("identified " + name);
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
    }
}
