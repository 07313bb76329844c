package dev.starling.config.proto.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.starling.config.ByteCount;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.bootstrap.Bootstrap;
import dev.starling.config.cluster.Cluster.Discovery;
import dev.starling.config.discovery.ApiConfigSource;
import dev.starling.config.discovery.ApiConfigSource.RateLimit;
import dev.starling.config.discovery.ApiConfigSource.Variant;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.discovery.DynamicResources;
import dev.starling.config.discovery.GrpcService;
import dev.starling.config.discovery.GrpcService.Backoff;
import dev.starling.config.discovery.GrpcService.Metadatum;
import dev.starling.config.discovery.GrpcService.Target;
import dev.starling.config.discovery.ResourceSet;
import dev.starling.config.discovery.RestApi;
import dev.starling.config.proto.LoaderFixture;
import dev.starling.config.proto.NodeOverrides;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.source.ConfigText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DynamicResourcesTest {

    private static final String NODE = "node: {id: me, cluster: us}\n";
    private static final ConfigSource ADS = new ConfigSource.Ads(Duration.ofSeconds(15));
    private static final String CLUSTERS = """
            static_resources:
              clusters:
              - {name: plane, connect_timeout: 1s}
              - name: secured
                connect_timeout: 1s
                transport_socket:
                  name: tls
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
              - name: found
                connect_timeout: 1s
                type: EDS
                eds_cluster_config: {service_name: service, eds_config: {ads: {}, initial_fetch_timeout: 3s}}
            """;

    private static Bootstrap load(String dynamic) throws InvalidConfigException {
        return LoaderFixture.loader()
                .load(
                        List.of(ConfigText.yaml("test.yaml", dynamic + CLUSTERS)),
                        UnknownFields.REJECT,
                        NodeOverrides.NONE)
                .bootstrap();
    }

    private static Optional<ResourceSet> all(ConfigSource source) {
        return Optional.of(new ResourceSet(source, Optional.empty()));
    }

    private static String ads(String service) {
        return NODE + "dynamic_resources:\n  ads_config: {api_type: GRPC, grpc_services: [" + service + "]}\n";
    }

    @Test
    void thereAreNoneByDefault() throws Exception {
        assertThat(load("").dynamicResources()).isEqualTo(DynamicResources.NONE);
    }

    @Test
    void readsWhatAControlPlaneIsReachedBy() throws Exception {
        var dynamic = load(NODE + """
                dynamic_resources:
                  lds_config: {ads: {}, initial_fetch_timeout: 0s, resource_api_version: V3}
                  cds_config: {ads: {}}
                  ads_config:
                    api_type: DELTA_GRPC
                    transport_api_version: V3
                    set_node_on_first_message_only: true
                    rate_limit_settings: {max_tokens: 5}
                    grpc_services:
                    - envoy_grpc:
                        cluster_name: plane
                        authority: planes
                        max_receive_message_length: 77
                        skip_envoy_headers: true
                        retry_policy: {retry_back_off: {base_interval: 2s}}
                      initial_metadata: [{key: X-Token, value: t}, {key: x-bin, value: why}]
                """).dynamicResources();

        assertThat(dynamic)
                .isEqualTo(new DynamicResources(
                        all(new ConfigSource.Ads(Duration.ZERO)),
                        all(ADS),
                        Optional.of(new ApiConfigSource(
                                Variant.DELTA,
                                new GrpcService(
                                        new Target.Cluster("plane", "planes", new ByteCount(77), true),
                                        List.of(new Metadatum("x-token", "t"), new Metadatum("x-bin", "d2h5")),
                                        new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(20))),
                                true,
                                Optional.of(new RateLimit(5, 10)))),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void readsWhoIsToldOfLoad() throws Exception {
        String config =
                "cluster_manager: {load_stats_config: {api_type: GRPC, grpc_services: [{envoy_grpc: {cluster_name: %s}}]}}\n";

        assertThat(load(NODE + config.formatted("plane")).dynamicResources().loadReports())
                .hasValueSatisfying(
                        api -> assertThat(api.service().target().toString()).contains("plane"));
        assertThatThrownBy(() -> load(NODE + config.formatted("found")))
                .hasMessageContaining("cluster_manager.load_stats_config.grpc_services[0].envoy_grpc.cluster_name");
    }

    @Test
    void readsWhoSaysWhatIsToBeChecked() throws Exception {
        String config = "hds_config: {api_type: GRPC, grpc_services: [{envoy_grpc: {cluster_name: %s}}]}\n";

        assertThat(load(NODE + config.formatted("plane")).dynamicResources().healthChecks())
                .hasValueSatisfying(
                        api -> assertThat(api.service().target().toString()).contains("plane"));
        assertThatThrownBy(() -> load(NODE + config.formatted("found")))
                .hasMessageContaining("hds_config.grpc_services[0].envoy_grpc.cluster_name");
    }

    @Test
    void readsAChannelOfItsOwnAndItsDefaults() throws Exception {
        var api = load(ads("{google_grpc: {target_uri: \"dns:///plane:1\", stat_prefix: p}}"))
                .dynamicResources()
                .ads()
                .orElseThrow();

        assertThat(api)
                .isEqualTo(new ApiConfigSource(
                        Variant.STATE_OF_THE_WORLD,
                        new GrpcService(new Target.Channel("dns:///plane:1"), List.of(), Backoff.DEFAULT),
                        false,
                        Optional.empty()));
    }

    @Test
    void aControlPlaneMayBeReachedOverTls() throws Exception {
        assertThat(load(ads("{envoy_grpc: {cluster_name: secured}}"))
                        .dynamicResources()
                        .ads())
                .isPresent();
    }

    @Test
    void readsFiles(@TempDir Path folder) throws Exception {
        Path lds = Files.createFile(folder.resolve("lds.yaml"));
        Path cds = Files.createFile(folder.resolve("cds.yaml"));
        var dynamic = load("""
                dynamic_resources:
                  lds_config: {path: %s}
                  cds_config: {path_config_source: {path: %s, watched_directory: {path: /etc/x}}}
                """.formatted(lds, cds)).dynamicResources();

        assertThat(dynamic.listeners())
                .isEqualTo(all(new ConfigSource.File(lds.toString(), Optional.empty(), Duration.ofSeconds(15))));
        assertThat(dynamic.clusters())
                .isEqualTo(all(new ConfigSource.File(cds.toString(), Optional.of("/etc/x"), Duration.ofSeconds(15))));
    }

    @Test
    void readsWhatIsAskedAgainAndAgain() throws Exception {
        var clusters = load(NODE + """
                dynamic_resources:
                  cds_config:
                    api_config_source: {api_type: REST, cluster_names: [plane], refresh_delay: 7s}
                """).dynamicResources().clusters();

        assertThat(clusters)
                .isEqualTo(all(new ConfigSource.Rest(
                        new RestApi("plane", Duration.ofSeconds(7), Duration.ofSeconds(1)), Duration.ofSeconds(15))));
    }

    @Test
    void readsLocators() throws Exception {
        var dynamic = load(NODE + """
                dynamic_resources:
                  ads_config: {api_type: DELTA_GRPC, grpc_services: [{envoy_grpc: {cluster_name: plane}}]}
                  lds_config: {ads: {}}
                  lds_resources_locator: xdstp://p/envoy.config.listener.v3.Listener/node/*
                  cds_config: {ads: {}}
                  cds_resources_locator: xdstp://p/envoy.config.cluster.v3.Cluster/node/*?zone=a
                """).dynamicResources();

        assertThat(dynamic.listeners())
                .contains(new ResourceSet(ADS, Optional.of("xdstp://p/envoy.config.listener.v3.Listener/node/*")));
        assertThat(dynamic.clusters())
                .contains(new ResourceSet(ADS, Optional.of("xdstp://p/envoy.config.cluster.v3.Cluster/node/*?zone=a")));
    }

    @Test
    void readsWhereAClusterHasItsEndpointsFrom() throws Exception {
        assertThat(load("").clusters().getLast().discovery())
                .isEqualTo(new Discovery.Eds("service", new ConfigSource.Ads(Duration.ofSeconds(3))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{envoy_grpc: {cluster_name: none}} | cluster_name: must have a statically defined non-EDS cluster: 'none'",
                "{envoy_grpc: {cluster_name: found}} | cluster_name: must have a statically defined non-EDS cluster: 'found'",
                "{envoy_grpc: {cluster_name: plane}}, {envoy_grpc: {cluster_name: plane}} "
                        + "| grpc_services[1]: a gRPC config source must have no more than 1",
                "{envoy_grpc: {cluster_name: plane, retry_policy: {retry_back_off: {base_interval: 2s, max_interval: 1s}}}} "
                        + "| retry_back_off: max_interval must be greater than or equal to the base_interval",
                "{envoy_grpc: {cluster_name: plane}, initial_metadata: [{key: ':path', value: v}]} | key: pseudo-headers",
                "{} | grpc_services[0]: one of `envoy_grpc`, `google_grpc` is required",
            })
    void refusesServicesThatCannotBeReached(String services, String problem) {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> load(ads(services)))
                .withMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{cds_config: {ads: {}}} | dynamic_resources.cds_config.ads: needs dynamic_resources.ads_config",
                "{cds_resources_locator: 'xdstp://p/envoy.config.cluster.v3.Cluster/*'} "
                        + "| dynamic_resources.cds_config: is where a locator's resources are had from, and is not there",
                "{lds_config: {path_config_source: {path: /}}, lds_resources_locator: 'xdstp://p/envoy.config.listener.v3.Listener/*'} "
                        + "| dynamic_resources.lds_config: only ads and an api_config_source of DELTA_GRPC can have",
                "{lds_config: {ads: {}}, lds_resources_locator: 'xdstp://p/envoy.config.cluster.v3.Cluster/*'} "
                        + "| lds_resources_locator: xdstp:// type does not match envoy.config.listener.v3.Listener in",
                "{cds_config: {ads: {}}, cds_resources_locator: 'file:///clusters'} "
                        + "| cds_resources_locator: file:///clusters does not have a xdstp: scheme",
                "{cds_config: {path: /not/there.yaml}} | dynamic_resources.cds_config.path: paths must refer to an existing"
                        + " path in the system: '/not/there.yaml' does not exist",
                "{lds_config: {path_config_source: {path: /not/there.yaml}}} "
                        + "| lds_config.path_config_source.path: paths must refer",
                "{cds_config: {self: {}}} | dynamic_resources.cds_config.self: is not implemented",
                "{cds_config: {api_config_source: {api_type: GRPC}}} | grpc_services: a gRPC config source needs",
                "{ads_config: {api_type: GRPC, cluster_names: [a], "
                        + "grpc_services: [{envoy_grpc: {cluster_name: plane}}]}} | ads_config.cluster_names: a gRPC",
                "{ads_config: {api_type: REST}} | ads_config.api_type: must be of gRPC here",
                "{cds_config: {api_config_source: {api_type: REST, cluster_names: [plane]}}} "
                        + "| cds_config.api_config_source.refresh_delay: is required for REST API configuration sources",
                "{cds_config: {api_config_source: {api_type: REST, cluster_names: [plane, found], refresh_delay: 1s}}} "
                        + "| cluster_names: must have a singleton cluster name specified",
                "{cds_config: {api_config_source: {api_type: REST, refresh_delay: 1s}}} "
                        + "| cluster_names: must have a singleton cluster name specified",
                "{cds_config: {api_config_source: {api_type: REST, cluster_names: [found], refresh_delay: 1s}}} "
                        + "| cluster_names[0]: must have a statically defined non-EDS cluster: 'found'",
                "{cds_config: {api_config_source: {api_type: REST, cluster_names: [plane], refresh_delay: 1s, "
                        + "grpc_services: [{envoy_grpc: {cluster_name: plane}}]}}} | grpc_services: a config source that",
                "{ads_config: {api_type: GRPC, grpc_services: [{envoy_grpc: {cluster_name: plane}}]}} "
                        + "| ads_config: node 'id' and 'cluster' are required",
            })
    void refusesSourcesThatAreNone(String dynamic, String problem) {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> load("dynamic_resources: " + dynamic + "\n"))
                .withMessageContaining(problem);
    }
}
