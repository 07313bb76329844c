package dev.starling.config.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.protobuf.UInt32Value;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Locality;
import dev.starling.config.Problem;
import dev.starling.config.accesslog.AccessLog;
import dev.starling.config.accesslog.FormatString;
import dev.starling.config.bootstrap.Node;
import dev.starling.config.bootstrap.RuntimeLayer;
import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.support.FieldSupport;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.UpstreamConnectionOptions;
import io.envoyproxy.envoy.config.core.v3.BuildVersion;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConfigLoaderTest {

    private static final String ECHO = """
            static_resources:
              listeners:
              - name: l
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: e
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}
            """;
    private static final Path EXAMPLE = Path.of("..", "examples", "http-round-robin.yaml");

    @Test
    void knowsNoExtensionThatIsDisabled() {
        var loader = LoaderFixture.loader()
                .withoutExtensions(List.of("envoy.filters.network/envoy.filters.network.echo", "nonsense"));

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() ->
                        loader.load(List.of(ConfigText.yaml("a.yaml", ECHO)), UnknownFields.REJECT, NodeOverrides.NONE))
                .withMessageContaining(
                        "static_resources.listeners[0].filter_chains[0].filters[0]: Didn't find a registered implementation for 'e' with type URL: 'envoy.extensions.filters.network.echo.v3.Echo'");
    }

    @Test
    void tellsOnceThatATypeIsUnknown() {
        assertThat(LoaderFixture.problems(ECHO.replace("v3.Echo", "v3.Ecco")))
                .containsExactly(
                        "static_resources.listeners[0].filter_chains[0].filters[0].typed_config.@type: unknown type `envoy.extensions.filters.network.echo.v3.Ecco`");
    }

    @Test
    void takesAnEmptyBootstrapWithEnvoysDefaults() throws Exception {
        var bootstrap = LoaderFixture.load("{}").bootstrap();

        assertThat(bootstrap.admin()).isEmpty();
        assertThat(bootstrap.clusters()).isEmpty();
        assertThat(bootstrap.listeners()).isEmpty();
        assertThat(bootstrap.statsFlushInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(bootstrap.node()).isEqualTo(Node.NONE);
    }

    @Test
    void readsNodeAdminAndRuntime() throws Exception {
        var bootstrap = LoaderFixture.load("""
                node: {id: i, cluster: c, locality: {region: r, zone: z, sub_zone: s}, metadata: {a: 1, b: [x, null], c: null}}
                admin:
                  access_log_path: /dev/null
                  address: {socket_address: {address: 127.0.0.1, port_value: 9901}}
                stats_flush_interval: 1.5s
                layered_runtime:
                  layers:
                  - name: base
                    static_layer: {a: {b: 1, c: {d: true}}, x: low, f: {numerator: 3, denominator: MILLION}, g: {numerator: 4}}
                  - {name: admin, admin_layer: {}}
                  - {name: top, static_layer: {x: high}}
                """).bootstrap();

        assertThat(bootstrap.node().id()).isEqualTo("i");
        assertThat(bootstrap.node().cluster()).isEqualTo("c");
        assertThat(bootstrap.node().locality()).isEqualTo(new Locality("r", "z", "s"));
        assertThat(bootstrap.node().metadata()).isEqualTo(Map.of("a", 1.0, "b", List.of("x")));
        assertThat(bootstrap.admin().orElseThrow().address().display()).isEqualTo("127.0.0.1:9901");
        assertThat(bootstrap.admin().orElseThrow().accessLogs())
                .extracting(AccessLog::destination)
                .containsExactly(new AccessLog.Destination.Lines(
                        new AccessLog.Sink.File("/dev/null"), new AccessLog.Format.Text(FormatString.DEFAULT, false)));
        assertThat(bootstrap.statsFlushInterval()).isEqualTo(Duration.ofMillis(1500));
        assertThat(bootstrap.runtime()).extracting(RuntimeLayer::name).containsExactly("base", "admin", "top");
    }

    @Test
    void putsTheFlagsOverTheNode() throws Exception {
        var loaded = LoaderFixture.loader()
                .load(
                        List.of(ConfigText.yaml("a.yaml", "node: {id: i, cluster: c, locality: {region: r, zone: z}}")),
                        UnknownFields.REJECT,
                        new NodeOverrides("flag-id", "", "flag-zone"));

        assertThat(loaded.bootstrap().node().id()).isEqualTo("flag-id");
        assertThat(loaded.bootstrap().node().cluster()).isEqualTo("c");
        assertThat(loaded.bootstrap().node().locality()).isEqualTo(new Locality("r", "flag-zone", ""));
        assertThat(loaded.message().getNode().getId()).isEqualTo("flag-id");
    }

    @Test
    void takesEnvoysQuickStart() throws Exception {
        assertThat(LoaderFixture.problems(resource("envoy-quick-start.yaml"))).isEmpty();
    }

    @Test
    void takesTheStaticExampleOfEnvoysDocumentation() throws Exception {
        var bootstrap =
                LoaderFixture.load(resource("envoy-static-example.yaml")).bootstrap();

        assertThat(bootstrap.listeners())
                .extracting(listener -> listener.name())
                .containsExactly("listener_0");
        assertThat(bootstrap.clusters()).extracting(cluster -> cluster.name()).containsExactly("some_service");
    }

    @Test
    void refusesARouteToAClusterThatIsNotThere() throws Exception {
        String yaml = Files.readString(EXAMPLE);

        assertThat(LoaderFixture.problems(yaml)).isEmpty();
        assertThat(LoaderFixture.problems(yaml.replaceFirst("cluster: service", "cluster: nowhere")))
                .singleElement()
                .asString()
                .contains("nowhere");
    }

    @Test
    void tellsProblemsOfReadingOfRulesAndOfTranslationTogetherWithTheirPlaces() {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> LoaderFixture.load("""
                        static_resources:
                          clusters:
                          - name: ""
                            load_assignment:
                              cluster_name: a
                              endpoints:
                              - lb_endpoints:
                                - endpoint: {address: {socket_address: {address: host, port_value: 1}}}
                          - name: b
                            connect_timeout: soon
                          listeners:
                          - name: l
                            filter_chains: [{filters: [{name: f}]}]
                        """))
                .satisfies(refused -> assertThat(refused.problems())
                        .extracting(Problem::toString)
                        .containsExactly(
                                "a.yaml:3:5: static_resources.clusters[0].name: must not be empty",
                                "a.yaml:8:49: static_resources.clusters[0].load_assignment.endpoints[0].lb_endpoints[0]"
                                        + ".endpoint.address.socket_address.address: malformed IP address: host."
                                        + " Consider setting resolver_name or setting cluster type to 'STRICT_DNS'"
                                        + " or 'LOGICAL_DNS'",
                                "a.yaml:10:5: static_resources.clusters[1].connect_timeout: expected a duration such as"
                                        + " `1.5s` but found `soon`",
                                "a.yaml:12:5: static_resources.listeners[0].address: address is necessary",
                                "a.yaml:13:32: static_resources.listeners[0].filter_chains[0].filters[0]: Didn't find a"
                                        + " registered implementation for 'f' with type URL: ''"));
    }

    @Test
    void collectsWarnings() throws Exception {
        assertThat(LoaderFixture.load("static_resources: {clusters: [{name: c, respect_dns_ttl: true}]}")
                        .warnings())
                .extracting(Problem::path)
                .containsExactly("static_resources.clusters[0].respect_dns_ttl");
    }

    @Test
    void skipsAndCountsWhatIsNotSupportedInAResourceFromAControlPlane() throws Exception {
        var cluster = Cluster.newBuilder()
                .setName("c")
                .setUpstreamConnectionOptions(
                        UpstreamConnectionOptions.newBuilder().setSetLocalInterfaceNameOnUpstreamConnections(true))
                .build();

        var loaded = LoaderFixture.loader().readCluster(EncodedMessage.of(cluster), UnknownFields.WARN);

        assertThat(loaded.resource().name()).isEqualTo("c");
        assertThat(loaded.ignoredFields()).isEqualTo(1);
        assertThat(loaded.warnings()).extracting(Problem::path).containsExactly("upstream_connection_options");
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> LoaderFixture.loader().readCluster(EncodedMessage.of(cluster), UnknownFields.REJECT));
    }

    @Test
    void neverSkipsWhatThereIsNothingToFallBackOn() {
        var cluster = Cluster.newBuilder()
                .setName("c")
                .setLbPolicy(Cluster.LbPolicy.RING_HASH)
                .build();

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> LoaderFixture.loader().readCluster(EncodedMessage.of(cluster), UnknownFields.IGNORE))
                .withMessageContaining("lb_policy: ");
    }

    @Test
    void readsSingleResources() throws Exception {
        var loader = LoaderFixture.loader();
        var assignment = ClusterLoadAssignment.newBuilder()
                .setClusterName("c")
                .addEndpoints(LocalityLbEndpoints.newBuilder().setPriority(1).setLoadBalancingWeight(UInt32Value.of(3)))
                .build();

        assertThat(loader.readLoadAssignment(EncodedMessage.of(assignment), UnknownFields.WARN)
                        .resource()
                        .localities())
                .singleElement()
                .satisfies(locality -> {
                    assertThat(locality.priority()).isEqualTo(1);
                    assertThat(locality.weight()).isEqualTo(3);
                });
        assertThat(loader.readRouteConfiguration(
                                EncodedMessage.of(RouteConfiguration.newBuilder()
                                        .setName("r")
                                        .build()),
                                UnknownFields.WARN,
                                cluster -> false)
                        .resource()
                        .name())
                .isEqualTo("r");
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> loader.readListener(
                        EncodedMessage.of(Listener.newBuilder().setName("l").build()),
                        UnknownFields.WARN,
                        cluster -> true))
                .withMessageContaining("address: address is necessary");
    }

    @Test
    void givesFiltersTheirRecords() throws Exception {
        var listener = LoaderFixture.load(Files.readString(EXAMPLE))
                .bootstrap()
                .listeners()
                .getFirst();

        assertThat(listener.filterChains().getFirst().filters()).singleElement().satisfies(filter -> {
            assertThat(filter.typeUrl()).endsWith("HttpConnectionManager");
            assertThat(filter.config()).isInstanceOf(HttpConnectionManager.class);
        });
    }

    @Test
    void failsToStartWithAnExtensionWhoseFieldsNobodyListed() {
        var reader = new ConfigReader(FieldSupport.builtIn(), Map.of());
        var unlisted = new ExtensionRegistry.Builder()
                .add(ExtensionCategory.NETWORK_FILTER, new UnlistedFactory())
                .build();

        assertThatIllegalStateException()
                .isThrownBy(() -> new ConfigLoader(reader, unlisted))
                .withMessageContaining("envoy.config.core.v3.BuildVersion");
    }

    private static final class UnlistedFactory implements ExtensionFactory<BuildVersion> {

        @Override
        public String name() {
            return "unlisted";
        }

        @Override
        public Class<BuildVersion> configType() {
            return BuildVersion.class;
        }

        @Override
        public @Nullable Record validate(BuildVersion config, ValidationContext context) {
            return null;
        }
    }

    private static String resource(String name) throws IOException {
        try (var stream = ConfigLoaderTest.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
