package dev.starling.runtime.control.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.proto.EncodedMessage;
import dev.starling.config.proto.UnknownFields;
import dev.starling.runtime.control.Configs;
import dev.starling.xds.protocol.Change;
import dev.starling.xds.protocol.DeltaType;
import dev.starling.xds.protocol.Interest;
import dev.starling.xds.protocol.SotwType;
import dev.starling.xds.resource.Held;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceTypes;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CustomClusterType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbPolicy;
import io.envoyproxy.envoy.extensions.clusters.aggregate.v3.ClusterConfig;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Aggregates that do not go together: what a response as a whole must not bring, and which of it is taken nevertheless. */
class RefusedAggregatesTest {

    private static final String PREFIX = "Error adding/updating cluster(s) ";

    private static final ResourceType<Cluster> CLUSTERS = clusters(List.of());

    private final SotwType<Cluster> sotw = new SotwType<>(CLUSTERS);
    private final DeltaType<Cluster> delta = new DeltaType<>(CLUSTERS);

    /** What the state of the world is, for the one variant. */
    private final Map<String, Any> world = new LinkedHashMap<>();

    private static ResourceType<Cluster> clusters(List<Cluster> fixed) {
        return ResourceTypes.readBy(Configs.loader(), fixed, UnknownFields.REJECT, _ -> false, _ -> {})
                .clusters();
    }

    private static io.envoyproxy.envoy.config.cluster.v3.Cluster cluster(String name, String... members) {
        var cluster = io.envoyproxy.envoy.config.cluster.v3.Cluster.newBuilder().setName(name);
        if (members.length > 0) {
            cluster.setLbPolicy(LbPolicy.CLUSTER_PROVIDED)
                    .setClusterType(CustomClusterType.newBuilder()
                            .setName("envoy.clusters.aggregate")
                            .setTypedConfig(Any.pack(ClusterConfig.newBuilder()
                                    .addAllClusters(List.of(members))
                                    .build())));
        }
        return cluster.build();
    }

    /** Told in both variants: what is said to it, and the clusters that are updated. */
    private String told(io.envoyproxy.envoy.config.cluster.v3.Cluster... clusters) {
        Stream.of(clusters).forEach(cluster -> {
            world.remove(cluster.getName());
            world.put(cluster.getName(), Any.pack(cluster));
        });
        sotw.want(Interest.ALL);
        sotw.next();
        Change<Cluster> bySotw = sotw.receive(
                DiscoveryResponse.newBuilder()
                        .setVersionInfo("1")
                        .addAllResources(world.values())
                        .build(),
                (_, _) -> Optional.empty(),
                Instant.EPOCH);
        delta.want(Interest.ALL);
        delta.next();
        var response = DeltaDiscoveryResponse.newBuilder();
        Stream.of(clusters)
                .forEach(cluster -> response.addResources(
                        Resource.newBuilder().setName(cluster.getName()).setResource(Any.pack(cluster))));
        Change<Cluster> byDelta = delta.receive(response.build(), (_, _) -> Optional.empty(), Instant.EPOCH);

        String error = sotw.next().orElseThrow().getErrorDetail().getMessage();
        assertThat(delta.next().orElseThrow().getErrorDetail().getMessage()).isEqualTo(error);
        assertThat(names(byDelta)).isEqualTo(names(bySotw));
        assertThat(held(delta.held().stream())).isEqualTo(held(sotw.held().stream()));
        return error + " " + names(byDelta);
    }

    private static List<String> names(Change<Cluster> change) {
        return change.updated().stream().map(Held::name).toList();
    }

    private static List<String> held(Stream<Held<Cluster>> held) {
        return held.map(each -> each.name() + each.resource().members())
                .sorted()
                .toList();
    }

    @Test
    void refusesOneOfACycleAndTakesTheRest() {
        assertThat(told(cluster("a", "x", "b"), cluster("x"), cluster("b", "c"), cluster("c", "a")))
                .isEqualTo(PREFIX
                        + "a: cluster_type.typed_config.clusters[1]: aggregate cluster contains itself: a -> b -> c -> a"
                        + " [x, b, c]");
    }

    @Test
    void refusesWhatClosesACycleLaterAndKeepsWhatWasThere() {
        told(cluster("a", "b"), cluster("b", "x"));

        assertThat(told(cluster("c"), cluster("b", "a")))
                .isEqualTo(PREFIX
                        + "b: cluster_type.typed_config.clusters[0]: aggregate cluster contains itself: b -> a -> b"
                        + " [c]");

        assertThat(held(delta.held().stream())).containsExactly("a[b]", "b[x]", "c[]");
        world.put("b", Any.pack(cluster("b", "x")));
        assertThat(told(cluster("a", "c"))).isEqualTo(" [a]");
    }

    @Test
    void judgesAResponseAsAWholeWhateverItsOrder() {
        told(cluster("a", "b"), cluster("b"));

        assertThat(told(cluster("b", "a"), cluster("a", "x"))).isEqualTo(" [b, a]");
    }

    @Test
    void refusesWhatIsTooDeep() {
        for (int i = 1; i <= 16; i++) {
            assertThat(told(cluster("a" + i, "a" + (i + 1)))).startsWith(" ");
        }

        assertThat(told(cluster("a17", "x"), cluster("a18")))
                .isEqualTo(PREFIX
                        + "a17: cluster_type.typed_config.clusters[0]: more than 16 aggregate clusters inside of one"
                        + " another [a18]");
    }

    /** Those of the bootstrap cannot be replaced, and count. */
    @Test
    void judgesWithTheClustersOfTheBootstrap() throws Exception {
        Cluster fixed = Configs.loader()
                .readCluster(EncodedMessage.of(cluster("fixed", "a")), UnknownFields.REJECT)
                .resource();
        var type = new DeltaType<>(clusters(List.of(fixed)));
        type.want(Interest.ALL);
        type.next();

        type.receive(
                DeltaDiscoveryResponse.newBuilder()
                        .addResources(resource(cluster("fixed", "b")))
                        .addResources(resource(cluster("a", "fixed")))
                        .addResources(resource(cluster("b", "fixed")))
                        .build(),
                (_, _) -> Optional.empty(),
                Instant.EPOCH);

        assertThat(type.next().orElseThrow().getErrorDetail().getMessage())
                .isEqualTo(
                        PREFIX
                                + "a: cluster_type.typed_config.clusters[0]: aggregate cluster contains itself: a -> fixed -> a");
    }

    /** What comes in the place of another for a time, and cannot, does not change until when that one is lent. */
    @Test
    void leavesTheTimeOfWhatStays() {
        delta.want(Interest.ALL);
        delta.next();
        Resource.Builder lent = resource(cluster("a", "b")).toBuilder();
        lent.setTtl(com.google.protobuf.Duration.newBuilder().setSeconds(5));
        delta.receive(
                DeltaDiscoveryResponse.newBuilder().addResources(lent).build(),
                (_, _) -> Optional.empty(),
                Instant.EPOCH);

        delta.receive(
                DeltaDiscoveryResponse.newBuilder()
                        .addResources(resource(cluster("a", "a")))
                        .build(),
                (_, _) -> Optional.empty(),
                Instant.EPOCH);

        assertThat(delta.firstExpiry()).contains(Instant.EPOCH.plus(Duration.ofSeconds(5)));
    }

    private static Resource resource(io.envoyproxy.envoy.config.cluster.v3.Cluster cluster) {
        return Resource.newBuilder()
                .setName(cluster.getName())
                .setResource(Any.pack(cluster))
                .build();
    }
}
