package dev.starling.runtime.control.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TypeRegistry;
import dev.starling.config.proto.UnknownFields;
import dev.starling.runtime.control.Configs;
import dev.starling.xds.protocol.DeltaType;
import dev.starling.xds.protocol.Interest;
import dev.starling.xds.protocol.SotwType;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceTypes;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.extensions.clusters.aggregate.v3.ClusterConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a response can be wrong, with the words in which a control plane is told, in both variants. */
class RefusedResponsesTest {

    private static final ResourceTypes TYPES =
            ResourceTypes.readBy(Configs.loader(), List.of(), UnknownFields.REJECT, _ -> false, _ -> {});

    private static final String AGGREGATE =
            "lb_policy:CLUSTER_PROVIDED cluster_type{name:'envoy.clusters.aggregate' typed_config{"
                    + "[type.googleapis.com/envoy.extensions.clusters.aggregate.v3.ClusterConfig]{";

    /**
     * A resource {@code a} that is refused.
     *
     * @param told in a NACK, behind the name
     */
    record Flaw(Function<ResourceTypes, ResourceType<?>> type, Message empty, String text, String told) {

        Message message() throws TextFormat.ParseException {
            Message.Builder builder = empty.newBuilderForType();
            TextFormat.Parser.newBuilder()
                    .setTypeRegistry(TypeRegistry.newBuilder()
                            .add(ClusterConfig.getDescriptor())
                            .build())
                    .build()
                    .merge(text, builder);
            return builder.build();
        }

        @Override
        public String toString() {
            return empty.getDescriptorForType().getName() + " " + text;
        }
    }

    private static Flaw cluster(String text, String told) {
        return new Flaw(ResourceTypes::clusters, Cluster.getDefaultInstance(), "name:'a' " + text, told);
    }

    private static Flaw endpoints(String text, String told) {
        return new Flaw(
                ResourceTypes::endpoints, ClusterLoadAssignment.getDefaultInstance(), "cluster_name:'a' " + text, told);
    }

    private static Flaw listener(String text, String told) {
        return new Flaw(ResourceTypes::listeners, Listener.getDefaultInstance(), "name:'a' " + text, told);
    }

    private static Flaw routes(String text, String told) {
        return new Flaw(ResourceTypes::routes, RouteConfiguration.getDefaultInstance(), "name:'a' " + text, told);
    }

    static Stream<Flaw> flaws() {
        return Stream.of(
                cluster("connect_timeout{seconds:-1}", "connect_timeout: must not be negative"),
                cluster("type:EDS", "eds_cluster_config: cannot create an EDS cluster without an EDS config"),
                cluster(
                        "lb_policy:CLUSTER_PROVIDED",
                        "lb_policy: cluster provided LB specified but cluster 'a' did not provide one. Check cluster documentation."),
                cluster(
                        "transport_socket{name:'none'}",
                        "transport_socket: Didn't find a registered implementation for 'none' with type URL: ''"),
                cluster(
                        "cluster_type{name:'other'}",
                        "cluster_type: Didn't find a registered cluster factory implementation for name: 'other'; lb_policy: cluster"
                                + " provided LB not specified but cluster 'a' provided one. Check cluster documentation."),
                cluster(
                        "lb_policy:CLUSTER_PROVIDED cluster_type{name:'envoy.clusters.aggregate'}",
                        "cluster_type.typed_config.clusters: needs at least 1 entry"),
                cluster(
                        AGGREGATE + "clusters:'b' clusters:'a'}}}",
                        "cluster_type.typed_config.clusters[1]: aggregate cluster contains itself: a -> a"),
                endpoints("endpoints{priority:129}", "endpoints[0].priority: must be at most 128"),
                endpoints(
                        "endpoints{lb_endpoints{endpoint{address{socket_address{address:'x' port_value:1}}}}}",
                        "endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address: malformed IP address: x"),
                endpoints(
                        "policy{overprovisioning_factor{value:0}}",
                        "policy.overprovisioning_factor: must be greater than 0"),
                listener("", "address: address is necessary; filter_chains: no filter chains specified"),
                listener(
                        "address{socket_address{address:'127.0.0.1' port_value:0}}",
                        "filter_chains: no filter chains specified"),
                listener(
                        "address{socket_address{address:'127.0.0.1' port_value:0}}"
                                + " filter_chains{filters{name:'none' typed_config{type_url:'x/none'}}}",
                        "filter_chains[0].filters[0]: Didn't find a registered implementation for 'none' with type URL: 'none'"),
                routes(
                        "validate_clusters{value:true}"
                                + " virtual_hosts{name:'v' domains:'*' routes{match{prefix:'/'} route{cluster:'nowhere'}}}",
                        "virtual_hosts[0].routes[0].route.cluster: route: unknown cluster 'nowhere'"),
                routes("virtual_hosts{name:'v'}", "virtual_hosts[0].domains: needs at least 1 entry"),
                routes(
                        "virtual_hosts{name:'v' domains:'*'} virtual_hosts{name:'w' domains:'*'}",
                        "virtual_hosts[1].domains[0]: Only a single wildcard domain is permitted in route a"),
                routes(
                        "virtual_hosts{name:'v' domains:'*' routes{match{safe_regex{regex:'('}} redirect{}}}",
                        "virtual_hosts[0].routes[0].match.safe_regex.regex: missing closing ): ("),
                new Flaw(
                        ResourceTypes::scopes,
                        ScopedRouteConfiguration.getDefaultInstance(),
                        "name:'a' route_configuration_name:'r'",
                        "key: is required"),
                new Flaw(
                        ResourceTypes::extensions,
                        TypedExtensionConfig.getDefaultInstance(),
                        "name:'a'",
                        "typed_config: is required"),
                new Flaw(
                        ResourceTypes::secrets,
                        Secret.getDefaultInstance(),
                        "name:'a' tls_certificate{private_key{inline_string:'hush'}}",
                        "tls_certificate.certificate_chain: Failed to load incomplete certificate from : certificate chain not set"));
    }

    @ParameterizedTest
    @MethodSource("flaws")
    void whatDoesNotPassIsNamedWithItsPathAndReason(Flaw flaw) throws Exception {
        ResourceType<?> type = flaw.type().apply(TYPES);
        String told = type.refusal() + "a: " + flaw.told();

        assertThat(sotw(type, List.of(Any.pack(flaw.message())))).isEqualTo(told);
        assertThat(delta(type, List.of(named("a", Any.pack(flaw.message()))), List.of()))
                .isEqualTo(told);
    }

    private static Any good() {
        return Any.pack(Cluster.newBuilder().setName("a").build());
    }

    private static Any of(String typeUrl, ByteString bytes) {
        return Any.newBuilder().setTypeUrl(typeUrl).setValue(bytes).build();
    }

    private static Resource named(String name, Any message) {
        return Resource.newBuilder().setName(name).setResource(message).build();
    }

    @Test
    void whatIsOfAnotherTypeOrOfNoneIsRefused() {
        assertAlike(
                of("type.googleapis.com/no.such.Type", ByteString.EMPTY),
                "type URL 'type.googleapis.com/no.such.Type' does not match the message-wide type URL 'type.googleapis.com/envoy.config.cluster.v3.Cluster'");
        assertAlike(
                of("", ByteString.EMPTY),
                "type URL '' does not match the message-wide type URL 'type.googleapis.com/envoy.config.cluster.v3.Cluster'");
        assertAlike(
                Any.pack(Listener.getDefaultInstance()),
                "type URL 'type.googleapis.com/envoy.config.listener.v3.Listener' does not match the message-wide type URL 'type.googleapis.com/envoy.config.cluster.v3.Cluster'");
    }

    @Test
    void whatCannotBeDecodedIsRefused() {
        assertAlike(
                of(TYPES.clusters().typeUrl(), ByteString.copyFromUtf8("\u0007")),
                "Protocol message contained an invalid tag (zero).");
        assertAlike(
                of(TYPES.clusters().typeUrl(), good().getValue().substring(0, 2)),
                "While parsing a protocol message, the input ended unexpectedly in the middle of a field.  This could mean either that the"
                        + " input has been truncated or that an embedded message misreported its own length.");
    }

    /** What has no name that could be read goes by its place in the state of the world, and by its wrapper's in delta. */
    private static void assertAlike(Any broken, String told) {
        String prefix = TYPES.clusters().refusal();
        assertThat(sotw(TYPES.clusters(), List.of(broken))).isEqualTo(prefix + "resources[0]: " + told);
        assertThat(delta(TYPES.clusters(), List.of(named("a", broken)), List.of()))
                .isEqualTo(prefix + "a: " + told);
    }

    @Test
    void namesThatAreMissingDoubledOrContradictedAreRefused() {
        Any nameless = Any.pack(Cluster.getDefaultInstance());
        assertThat(sotw(TYPES.clusters(), List.of(nameless)))
                .isEqualTo(TYPES.clusters().refusal() + "resources[0]: has no name");
        assertThat(sotw(TYPES.clusters(), List.of(good(), good())))
                .isEqualTo(TYPES.clusters().refusal() + "a: duplicate resource a found");
        assertThat(delta(TYPES.clusters(), List.of(named("", good())), List.of()))
                .isEqualTo(TYPES.clusters().refusal() + "a resource: has no name");
        assertThat(delta(TYPES.clusters(), List.of(named("a", good()), named("a", good())), List.of()))
                .isEqualTo(TYPES.clusters().refusal()
                        + "a: duplicate name a found among added/updated or removed resources");
        assertThat(delta(TYPES.clusters(), List.of(named("a", good())), List.of("a")))
                .isEqualTo(TYPES.clusters().refusal()
                        + "a: duplicate name a found among added/updated or removed resources");
        assertThat(delta(TYPES.clusters(), List.of(named("b", good())), List.of()))
                .isEqualTo(TYPES.clusters().refusal() + "b: is called 'a' inside");
    }

    @Test
    void whatIsToldIsCutWhereEnvoyCutsIt() {
        List<Any> many =
                Stream.generate(() -> of("x", ByteString.EMPTY)).limit(100).toList();
        assertThat(sotw(TYPES.clusters(), many))
                .hasSize(4096 + "...(truncated)".length())
                .endsWith("...(truncated)");
    }

    private static String sotw(ResourceType<?> type, List<Any> resources) {
        var state = new SotwType<>(type);
        state.want(Interest.ALL);
        state.next();
        state.receive(
                DiscoveryResponse.newBuilder()
                        .setVersionInfo("1")
                        .addAllResources(resources)
                        .build(),
                (_, _) -> Optional.empty(),
                Instant.EPOCH);
        return state.next().orElseThrow().getErrorDetail().getMessage();
    }

    private static String delta(ResourceType<?> type, List<Resource> resources, List<String> removed) {
        var state = new DeltaType<>(type);
        state.want(Interest.ALL);
        state.next();
        state.receive(
                DeltaDiscoveryResponse.newBuilder()
                        .addAllResources(resources)
                        .addAllRemovedResources(removed)
                        .build(),
                (_, _) -> Optional.empty(),
                Instant.EPOCH);
        return state.next().orElseThrow().getErrorDetail().getMessage();
    }
}
