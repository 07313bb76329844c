package dev.starling.xds.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.endpoint.EndpointConfig;
import dev.starling.config.endpoint.LoadAssignment;
import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.LoadedResource;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.support.FieldSupport;
import dev.starling.xds.resource.ResourceType.Methods;
import dev.starling.xds.resource.ResourceType.Scope;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AssignmentOpenerTest {

    private static final int SEEDS = 30;
    private static final int CHANGES = 40;

    private final List<LoadedResource<?>> remarks = new ArrayList<>();

    private final ConfigLoader loader = new ConfigLoader(
            new ConfigReader(FieldSupport.builtIn(), Map.of()), new ExtensionRegistry.Builder().build());

    /** One that compares assignments of any size. */
    private ResourceType<LoadAssignment> type(UnknownFields unknownFields) {
        return ResourceType.of(
                ClusterLoadAssignment.getDefaultInstance(),
                Scope.NAMED,
                new Methods("s", "d"),
                "",
                new AssignmentOpener(loader, unknownFields, remarks::add, 0),
                _ -> List.of());
    }

    /** What comes of an assignment: it, or why not, and what was remarked. */
    private record Outcome(
            String name,
            Optional<LoadAssignment> read,
            boolean plain,
            String refusal,
            List<LoadedResource<?>> remarks) {}

    private Outcome outcome(ResourceType<LoadAssignment> type, ByteString bytes, Optional<Held<LoadAssignment>> held) {
        remarks.clear();
        var message =
                Any.newBuilder().setTypeUrl(type.typeUrl()).setValue(bytes).build();
        String name = "";
        try {
            var opened = type.open(message, _ -> held);
            name = opened.name();
            var reading = opened.read();
            return new Outcome(name, Optional.of(reading.resource()), reading.plain(), "", worthTelling());
        } catch (InvalidProtocolBufferException | InvalidConfigException refused) {
            return new Outcome(name, Optional.empty(), false, refused.toString(), worthTelling());
        }
    }

    private List<LoadedResource<?>> worthTelling() {
        return remarks.stream().filter(each -> !each.isPlain()).toList();
    }

    private static Held<LoadAssignment> held(ByteString bytes, Outcome outcome) {
        var message = Any.newBuilder().setValue(bytes).build();
        return new Held<>(
                "c", "1", List.of(), message, outcome.read().orElseThrow(), 0, Instant.EPOCH, outcome.plain());
    }

    @ParameterizedTest
    @EnumSource
    void makesOfWhatHasChangedWhatItWouldMakeOfTheWhole(UnknownFields unknownFields) {
        var type = type(unknownFields);
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var assignment = Changes.assignment(random);
            Optional<Held<LoadAssignment>> held = Optional.empty();
            for (int change = 0; change < CHANGES; change++) {
                var changed = Changes.changed(assignment, random);
                var bytes = random.nextInt(20) == 0
                        ? Changes.broken(changed.toByteString(), random)
                        : changed.toByteString();

                var outcome = outcome(type, bytes, held);

                assertThat(outcome)
                        .as("change %d of seed %d", change, seed)
                        .isEqualTo(outcome(type, bytes, Optional.empty()));
                if (outcome.read().isPresent() && bytes.equals(changed.toByteString())) {
                    assignment = changed;
                    held = Optional.of(held(bytes, outcome));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesWhatHasNotChangedFromTheAssignmentThatIsHeld(UnknownFields unknownFields) {
        var type = type(unknownFields);
        var random = new Random(1);
        var first = Changes.crowd(200);
        var before = outcome(type, first.toByteString(), Optional.empty());
        var moved = new ArrayList<>(first.getEndpoints(0).getLbEndpointsList());
        Collections.shuffle(moved, random);
        moved.set(17, Changes.endpoint(9999));
        var next = first.toBuilder();
        next.getEndpointsBuilder(0).clearLbEndpoints().addAllLbEndpoints(moved);

        var after = outcome(type, next.build().toByteString(), Optional.of(held(first.toByteString(), before)));

        var known = Collections.newSetFromMap(new IdentityHashMap<EndpointConfig, Boolean>());
        known.addAll(endpoints(before));
        assertThat(endpoints(after)).filteredOn(each -> !known.contains(each)).hasSize(1);
        assertThat(endpoints(after)).hasSize(200);
    }

    @Test
    void comparesWhatIsLarge() {
        var type = ResourceTypes.readBy(loader, List.of(), UnknownFields.REJECT, _ -> true, remarks::add)
                .endpoints();
        for (int size : new int[] {10, 1000}) {
            var bytes = Changes.crowd(size).toByteString();
            var before = outcome(type, bytes, Optional.empty());
            var after = outcome(type, bytes, Optional.of(held(bytes, before)));

            assertThat(after.read()).isEqualTo(before.read());
            if (size == 10) {
                assertThat(endpoints(after).getFirst())
                        .isNotSameAs(endpoints(before).getFirst());
            } else {
                assertThat(endpoints(after).getFirst())
                        .isSameAs(endpoints(before).getFirst());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"WARN", "IGNORE"})
    void readsAllAnewOfWhatWasWorthARemark(UnknownFields unknownFields) {
        var type = type(unknownFields);
        var first = Changes.crowd(3).toBuilder();
        first.getEndpointsBuilder(0).getLbEndpointsBuilder(1).setUnknownFields(Changes.UNKNOWN);
        var bytes = first.build().toByteString();
        var held = held(bytes, outcome(type, bytes, Optional.empty()));
        first.getEndpointsBuilder(0).addLbEndpoints(Changes.endpoint(9));

        var after = outcome(type, first.build().toByteString(), Optional.of(held));

        assertThat(after.remarks()).extracting(LoadedResource::ignoredFields).isEqualTo(List.of(1));
    }

    private static List<EndpointConfig> endpoints(Outcome outcome) {
        return outcome.read().orElseThrow().localities().getFirst().endpoints();
    }

    /** Assignments, and what control planes may make of them, mistakes included. */
    private static final class Changes {

        static final UnknownFieldSet UNKNOWN = UnknownFieldSet.newBuilder()
                .addField(1000, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                .build();

        static LbEndpoint endpoint(int number) {
            var endpoint = LbEndpoint.newBuilder();
            endpoint.getEndpointBuilder()
                    .getAddressBuilder()
                    .getSocketAddressBuilder()
                    .setAddress("10.0.%d.%d".formatted(number >> 8, number & 255))
                    .setPortValue(80);
            return endpoint.build();
        }

        static ClusterLoadAssignment crowd(int size) {
            var locality = LocalityLbEndpoints.newBuilder();
            for (int i = 0; i < size; i++) {
                locality.addLbEndpoints(endpoint(i));
            }
            return ClusterLoadAssignment.newBuilder()
                    .setClusterName("c")
                    .addEndpoints(locality)
                    .build();
        }

        static ClusterLoadAssignment assignment(Random random) {
            var assignment = ClusterLoadAssignment.newBuilder().setClusterName("c");
            for (int i = random.nextInt(4); i > 0; i--) {
                assignment.addEndpoints(locality(random));
            }
            return assignment.build();
        }

        private static LocalityLbEndpoints locality(Random random) {
            var locality = LocalityLbEndpoints.newBuilder().setPriority(random.nextInt(3));
            locality.getLocalityBuilder().setZone("zone " + random.nextInt(3));
            for (int i = random.nextInt(20); i > 0; i--) {
                locality.addLbEndpoints(endpoint(random.nextInt(400)));
            }
            return locality.build();
        }

        /** The same with some changes. */
        static ClusterLoadAssignment changed(ClusterLoadAssignment from, Random random) {
            var assignment = from.toBuilder();
            for (int i = random.nextInt(4); i >= 0; i--) {
                if (random.nextInt(6) == 0 || assignment.getEndpointsCount() == 0) {
                    change(assignment, random);
                } else {
                    change(assignment.getEndpointsBuilder(random.nextInt(assignment.getEndpointsCount())), random);
                }
            }
            return assignment.build();
        }

        private static void change(ClusterLoadAssignment.Builder assignment, Random random) {
            switch (random.nextInt(7)) {
                case 0 -> assignment.addEndpoints(locality(random));
                case 1 -> {
                    if (assignment.getEndpointsCount() > 0) {
                        assignment.removeEndpoints(random.nextInt(assignment.getEndpointsCount()));
                    }
                }
                case 2 -> {
                    var localities = new ArrayList<>(assignment.getEndpointsList());
                    Collections.shuffle(localities, random);
                    assignment.clearEndpoints().addAllEndpoints(localities);
                }
                case 3 ->
                    assignment
                            .getPolicyBuilder()
                            .getOverprovisioningFactorBuilder()
                            .setValue(random.nextInt(3) * 70);
                case 4 -> assignment.setClusterName(random.nextInt(4) == 0 ? "" : "c");
                case 5 ->
                    assignment.setUnknownFields(random.nextBoolean() ? UNKNOWN : UnknownFieldSet.getDefaultInstance());
                default -> assignment.clearPolicy();
            }
        }

        private static void change(LocalityLbEndpoints.Builder locality, Random random) {
            int count = locality.getLbEndpointsCount();
            int one = count == 0 ? 0 : random.nextInt(count);
            switch (random.nextInt(count == 0 ? 5 : 14)) {
                case 0 -> locality.addLbEndpoints(one, endpoint(random.nextInt(400)));
                case 1 -> locality.getLoadBalancingWeightBuilder().setValue(random.nextInt(4) == 0 ? 0 : 3);
                case 2 -> locality.setPriority(random.nextInt(8) == 0 ? 200 : random.nextInt(3));
                case 3 -> locality.getLocalityBuilder().setRegion("region " + random.nextInt(3));
                case 4 -> {
                    if (random.nextInt(4) == 0) {
                        locality.getLedsClusterLocalityConfigBuilder().setLedsCollectionName("xdstp:/a/*");
                    } else {
                        locality.clearLbConfig();
                    }
                }
                case 5 -> locality.removeLbEndpoints(one);
                case 6 -> locality.addLbEndpoints(locality.getLbEndpoints(one));
                case 7 -> {
                    var moved = new ArrayList<>(locality.getLbEndpointsList());
                    Collections.rotate(moved, 1 + random.nextInt(3));
                    locality.clearLbEndpoints().addAllLbEndpoints(moved);
                }
                case 8 -> {
                    var moved = new ArrayList<>(locality.getLbEndpointsList());
                    Collections.shuffle(moved, random);
                    locality.clearLbEndpoints().addAllLbEndpoints(moved);
                }
                case 9 -> locality.setLbEndpoints(one, endpoint(random.nextInt(400)));
                default -> change(locality.getLbEndpointsBuilder(one), random);
            }
        }

        private static void change(LbEndpoint.Builder endpoint, Random random) {
            var address = endpoint.getEndpointBuilder().getAddressBuilder().getSocketAddressBuilder();
            switch (random.nextInt(12)) {
                case 0 -> endpoint.setHealthStatus(HealthStatus.DRAINING);
                case 1 -> endpoint.setHealthStatusValue(77);
                case 2 -> endpoint.getLoadBalancingWeightBuilder().setValue(random.nextInt(3));
                case 3 -> endpoint.getMetadataBuilder().putFilterMetadata("a", Struct.getDefaultInstance());
                case 4 -> address.setAddress("no address");
                case 5 -> address.setAddress("");
                case 6 -> address.setPortValue(70_000);
                case 7 -> endpoint.getEndpointBuilder().clearAddress();
                case 8 -> endpoint.setUnknownFields(UNKNOWN);
                case 9 -> address.setUnknownFields(UNKNOWN);
                case 10 -> endpoint.setEndpointName("named");
                default -> endpoint.getEndpointBuilder().setHostname("host " + random.nextInt(3));
            }
        }

        static ByteString broken(ByteString bytes, Random random) {
            if (bytes.isEmpty()) {
                return bytes;
            }
            byte[] broken = bytes.toByteArray();
            broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            return ByteString.copyFrom(broken, 0, 1 + random.nextInt(broken.length));
        }
    }
}
