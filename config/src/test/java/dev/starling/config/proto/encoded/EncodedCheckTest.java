package dev.starling.config.proto.encoded;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.EncodedMessage;
import dev.starling.config.proto.RandomMessage;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.rules.RulesValidator;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.support.FieldSupport;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.GrpcService.EnvoyGrpc;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EncodedCheckTest {

    private static final int ROUNDS = 10_000;

    /** Examples that are no bootstraps. */
    private static final Set<String> SECRETS = Set.of("authority.yaml", "certificate.yaml");

    private static final FieldSupport SUPPORT = FieldSupport.builtIn();
    private static final ConfigReader THOROUGH = new ConfigReader(SUPPORT, Map.of());

    private final EncodedCheck quick = new EncodedCheck(new RulesValidator(), SUPPORT);

    /** Clusters, listeners and secrets of the examples, and what they do not have. */
    private static List<Message> resources() throws Exception {
        var resources = new ArrayList<Message>();
        try (Stream<Path> files = Files.walk(Path.of("../examples"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".yaml"))
                    .filter(each -> !SECRETS.contains(each.getFileName().toString()))
                    .sorted()
                    .toList()) {
                var texts = List.of(ConfigText.yaml(file.toString(), Files.readString(file)));
                var bootstrap = THOROUGH.read(Bootstrap.getDefaultInstance(), texts, UnknownFields.REJECT)
                        .message()
                        .getStaticResources();
                resources.addAll(bootstrap.getClustersList());
                resources.addAll(bootstrap.getListenersList());
                resources.addAll(bootstrap.getSecretsList());
            }
        }
        resources.add(assignment(UInt32Value.of(1)));
        resources.add(routes());
        return resources;
    }

    private static RouteConfiguration routes() {
        var header = HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey("a").setValue("b"));
        var route = Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                .setRoute(RouteAction.newBuilder().setCluster("c"))
                .addResponseHeadersToAdd(header);
        return RouteConfiguration.newBuilder()
                .setName("r")
                .addRequestHeadersToAdd(header)
                .addVirtualHosts(
                        VirtualHost.newBuilder().setName("v").addDomains("*").addRoutes(route))
                .build();
    }

    private static ClusterLoadAssignment assignment(UInt32Value weight) {
        var endpoint = LbEndpoint.newBuilder()
                .setEndpoint(Endpoint.newBuilder()
                        .setAddress(Address.newBuilder()
                                .setSocketAddress(SocketAddress.newBuilder()
                                        .setAddress("127.0.0.1")
                                        .setPortValue(80))))
                .setLoadBalancingWeight(weight)
                .setMetadata(Metadata.newBuilder().putFilterMetadata("envoy.lb", Struct.getDefaultInstance()));
        return ClusterLoadAssignment.newBuilder()
                .setClusterName("c")
                .addEndpoints(LocalityLbEndpoints.newBuilder().addLbEndpoints(endpoint))
                .build();
    }

    private boolean isFaultless(Message message) {
        return quick.isFaultless(EncodedMessage.of(message));
    }

    private static boolean nothingToSay(Message message) {
        var problems = THOROUGH.check(message, UnknownFields.WARN).problems();
        return problems.isEmpty() && problems.warnings().isEmpty() && problems.ignoredFields() == 0;
    }

    @ParameterizedTest
    @MethodSource("resources")
    void knowsThatExamplesAreFaultless(Message resource) {
        // One in a struct is left in doubt.
        boolean known = nothingToSay(resource) && !resource.toString().contains("TypedStruct");
        assertThat(isFaultless(resource)).isEqualTo(known);
    }

    @Test
    void hasExamplesThatAreFaultless() throws Exception {
        var all = resources();
        assertThat(all.stream().filter(this::isFaultless)).hasSizeGreaterThan(all.size() * 3 / 4);
    }

    @Test
    void leavesNothingToSayOfWhatItLetsPass() throws Exception {
        long seed = Long.getLong("seed", 20261123);
        var random = new Random(seed);
        var changer = new RandomMessage(
                random, List.of(Router.getDefaultInstance(), HttpConnectionManager.getDefaultInstance()), 0.05);
        var resources = resources();
        int passed = 0;
        int left = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var message = resources.get(random.nextInt(resources.size()));
            for (int i = random.nextInt(3); i >= 0; i--) {
                message = changer.changed(message);
            }
            boolean says = !nothingToSay(message);
            if (isFaultless(message)) {
                passed++;
                assertThat(says)
                        .as("seed %d, round %d: %s", seed, round, message)
                        .isFalse();
            } else if (!says) {
                left++;
            }
        }
        assertThat(passed).as("seed %d", seed).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
        assertThat(left).as("seed %d: left in doubt without need", seed).isLessThan(passed / 5);
    }

    @Test
    void leavesNothingToSayOfBytesThatItLetsPass() throws Exception {
        long seed = Long.getLong("seed", 20261123);
        var random = new Random(seed);
        var changer = new RandomEncoding(random);
        var resources = resources();
        int parsed = 0;
        int passed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var original = resources.get(random.nextInt(resources.size()));
            try {
                var bytes = changer.changed(original.toByteString(), original.getDescriptorForType());
                var message = EncodedMessage.parse(original.getDefaultInstanceForType(), bytes);
                parsed++;
                if (quick.isFaultless(message)) {
                    passed++;
                    assertThat(nothingToSay(message.message()))
                            .as("seed %d, round %d: %s", seed, round, message)
                            .isTrue();
                }
            } catch (InvalidProtocolBufferException broken) {
                // what was changed can no longer be read
            }
        }
        assertThat(parsed).as("seed %d", seed).isGreaterThan(ROUNDS / 2);
        assertThat(passed).as("seed %d", seed).isBetween(parsed / 10, parsed * 9 / 10);
    }

    @Test
    void knowsRulesOfWrappers() {
        assertThat(isFaultless(assignment(UInt32Value.of(1)))).isTrue();
        assertThat(isFaultless(assignment(UInt32Value.of(0)))).isFalse();
        var noName =
                assignment(UInt32Value.of(1)).toBuilder().setClusterName("").build();
        assertThat(isFaultless(noName)).isFalse();
    }

    @Test
    void knowsRulesOfKeys() throws Exception {
        var nothing = Struct.getDefaultInstance();
        assertThat(isFaultless(
                        Metadata.newBuilder().putFilterMetadata("a", nothing).build()))
                .isTrue();
        assertThat(isFaultless(
                        Metadata.newBuilder().putFilterMetadata("", nothing).build()))
                .isFalse();
        // an entry that is only a value: its key is empty
        assertThat(quick.isFaultless(
                        EncodedMessage.parse(Metadata.getDefaultInstance(), ByteString.fromHex("0a021200"))))
                .isFalse();
    }

    @Test
    void countsElements() {
        var option = routes().getRequestHeadersToAdd(0);
        assertThat(isFaultless(routes())).isTrue();
        assertThat(isFaultless(routes().toBuilder()
                        .addAllRequestHeadersToAdd(Collections.nCopies(999, option))
                        .build()))
                .isTrue();
        assertThat(isFaultless(routes().toBuilder()
                        .addAllRequestHeadersToAdd(Collections.nCopies(1000, option))
                        .build()))
                .isFalse();
    }

    /** Its zero value is there only because there must be one. */
    @Test
    void knowsWhatMustBeSet() {
        var source = ApiConfigSource.newBuilder()
                .setTransportApiVersion(ApiVersion.V3)
                .addGrpcServices(GrpcService.newBuilder()
                        .setEnvoyGrpc(EnvoyGrpc.newBuilder().setClusterName("c")));
        assertThat(nothingToSay(source.build())).isFalse();
        assertThat(isFaultless(source.build())).isFalse();
        assertThat(isFaultless(source.setApiType(ApiType.GRPC).build())).isTrue();
    }

    @Test
    void doubtsWhatIsNestedTooDeep() {
        var manager = manager(Router.getDefaultInstance());
        assertThat(isFaultless(manager)).isTrue();
        for (int depth = 0; depth < 500; depth++) {
            manager = manager(manager);
        }
        assertThat(isFaultless(manager)).isFalse();
    }

    private static HttpConnectionManager manager(Message filter) {
        return HttpConnectionManager.newBuilder()
                .setStatPrefix("s")
                .setRouteConfig(routes())
                .addHttpFilters(HttpFilter.newBuilder().setName("f").setTypedConfig(Any.pack(filter)))
                .build();
    }

    @Test
    void knowsRulesOfDurations() {
        var cluster = Cluster.newBuilder().setName("c");
        assertThat(isFaultless(cluster.setConnectTimeout(Duration.newBuilder().setSeconds(1))
                        .build()))
                .isTrue();
        assertThat(isFaultless(cluster.setConnectTimeout(Duration.newBuilder().setSeconds(-1))
                        .build()))
                .isFalse();
    }

    /** What a parser makes of it, the later of two or both merged, is not looked at. */
    @Test
    void doubtsWhatIsThereTwice() {
        var once = assignment(UInt32Value.of(1));
        var twice = once.toByteString()
                .concat(ClusterLoadAssignment.newBuilder()
                        .setClusterName("d")
                        .build()
                        .toByteString());
        assertThat(quick.isFaultless(new EncodedMessage<>(once, twice))).isFalse();
    }

    @Test
    void doubtsUnknownFieldsAndBrokenBytes() {
        var good = assignment(UInt32Value.of(1));
        assertThat(quick.isFaultless(
                        new EncodedMessage<>(good, good.toByteString().concat(ByteString.fromHex("f87f01")))))
                .isFalse();
        assertThat(quick.isFaultless(
                        new EncodedMessage<>(good, good.toByteString().substring(0, good.getSerializedSize() - 1))))
                .isFalse();
    }

    /** It was never parsed: the outer message keeps it as bytes. */
    @Test
    void doubtsAnExtensionThatCannotBeParsed() {
        var good = Any.pack(manager(Router.getDefaultInstance()));
        assertThat(isFaultless(filterChain(good))).isTrue();
        // an access log whose name, on which there is no rule, is no text
        var broken = good.toBuilder()
                .setValue(good.getValue().concat(ByteString.fromHex("6a030a01ff")))
                .build();
        assertThat(isFaultless(filterChain(broken))).isFalse();
        assertThat(isFaultless(filterChain(Any.pack(BoolValue.of(true))))).isFalse();
    }

    private static FilterChain filterChain(Any filter) {
        return FilterChain.newBuilder()
                .addFilters(Filter.newBuilder().setName("f").setTypedConfig(filter))
                .build();
    }
}
