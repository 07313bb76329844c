package dev.starling.config.proto.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.starling.config.Address;
import dev.starling.config.ByteCount;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Locality;
import dev.starling.config.Percent;
import dev.starling.config.Problem;
import dev.starling.config.RuntimeDouble;
import dev.starling.config.cluster.CircuitBreakers;
import dev.starling.config.cluster.CircuitBreakers.RetryBudget;
import dev.starling.config.cluster.CircuitBreakers.Thresholds;
import dev.starling.config.cluster.Cluster;
import dev.starling.config.cluster.Cluster.Discovery;
import dev.starling.config.cluster.Cluster.DnsSettings;
import dev.starling.config.cluster.Cluster.LookupFamily;
import dev.starling.config.cluster.CommonLb;
import dev.starling.config.cluster.HealthCheck.Intervals;
import dev.starling.config.cluster.HealthCheck.Probe;
import dev.starling.config.cluster.HealthCheck.StatusRange;
import dev.starling.config.cluster.LbPolicy;
import dev.starling.config.cluster.LbPolicy.SlowStart;
import dev.starling.config.cluster.OutlierDetection;
import dev.starling.config.cluster.OutlierDetection.Consecutive;
import dev.starling.config.cluster.UpstreamHttp;
import dev.starling.config.cluster.UpstreamHttp.Version;
import dev.starling.config.endpoint.EndpointConfig.HealthCheckOverride;
import dev.starling.config.endpoint.EndpointConfig.HealthStatus;
import dev.starling.config.endpoint.LoadAssignment.DropOverload;
import dev.starling.config.http.Http2Options;
import dev.starling.config.proto.LoadedBootstrap;
import dev.starling.config.proto.LoaderFixture;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Defaults are Envoy's; the tables beside {@code RefusedConfigTest} hold what is refused. */
class ClusterReaderTest {

    @Test
    void takesEnvoysDefaults() throws Exception {
        var cluster = cluster("");

        assertThat(cluster.statName()).isEqualTo("c");
        assertThat(cluster.discovery()).isEqualTo(Discovery.Static.STATIC);
        assertThat(cluster.loadAssignment().localities()).isEmpty();
        assertThat(cluster.loadAssignment().overprovisioningFactor()).isEqualTo(140);
        assertThat(cluster.lbPolicy()).isEqualTo(new LbPolicy.RoundRobin(Optional.empty()));
        assertThat(cluster.commonLb()).isEqualTo(CommonLb.DEFAULT);
        assertThat(cluster.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(cluster.perConnectionBufferLimit()).isEqualTo(ByteCount.mebibytes(1));
        assertThat(cluster.circuitBreakers()).isEqualTo(CircuitBreakers.DEFAULT);
        assertThat(cluster.outlierDetection()).isEmpty();
        assertThat(cluster.healthChecks()).isEmpty();
        assertThat(cluster.http()).isEqualTo(UpstreamHttp.DEFAULT);
        assertThat(cluster.waitForWarmOnInit()).isTrue();
    }

    @Test
    void readsItsOwnFields() throws Exception {
        var cluster = cluster("""
                alt_stat_name: "a:b", connect_timeout: 0.25s, per_connection_buffer_limit_bytes: 4294967295,
                wait_for_warm_on_init: false, ignore_health_on_host_removal: true,
                metadata: {filter_metadata: {n: {k: [1, a]}}},
                common_lb_config: {healthy_panic_threshold: {value: 12.5}, locality_weighted_lb_config: {},
                  update_merge_window: 0s, ignore_new_hosts_until_first_hc: true}""");

        assertThat(cluster.statName()).isEqualTo("a_b");
        assertThat(cluster.connectTimeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(cluster.perConnectionBufferLimit()).isEqualTo(new ByteCount(4294967295L));
        assertThat(cluster.waitForWarmOnInit()).isFalse();
        assertThat(cluster.ignoreHealthOnHostRemoval()).isTrue();
        assertThat(cluster.metadata().filterMetadata()).isEqualTo(Map.of("n", Map.of("k", List.of(1.0, "a"))));
        assertThat(cluster.commonLb()).isEqualTo(new CommonLb(new Percent(12.5), true, Duration.ZERO, true));
    }

    @Test
    void readsEndpoints() throws Exception {
        var assignment = cluster("""
                load_assignment: {cluster_name: other, policy: {overprovisioning_factor: 100,
                    weighted_priority_health: true,
                    drop_overloads: [{category: d, drop_percentage: {numerator: 25, denominator: TEN_THOUSAND}}]},
                  endpoints: [{priority: 2, load_balancing_weight: 7, locality: {region: r, zone: z, sub_zone: s},
                    lb_endpoints: [{load_balancing_weight: 4294967295, health_status: DRAINING,
                      metadata: {filter_metadata: {envoy.lb: {canary: true}}},
                      endpoint: {hostname: h, address: {socket_address: {address: "::1", port_value: 80}},
                        additional_addresses: [{address: {socket_address: {address: 127.0.0.2, port_value: 0}}}],
                        health_check_config: {port_value: 81, hostname: hc, disable_active_health_check: true}}},
                     {endpoint: {address: {pipe: {path: /x, mode: 420}}}}]}]}""").loadAssignment();

        assertThat(assignment.clusterName()).isEqualTo("other");
        assertThat(assignment.overprovisioningFactor()).isEqualTo(100);
        assertThat(assignment.weightedPriorityHealth()).isTrue();
        assertThat(assignment.dropOverloads()).containsExactly(new DropOverload("d", new Percent(0.25)));
        var locality = assignment.localities().getFirst();
        assertThat(locality.locality()).isEqualTo(new Locality("r", "z", "s"));
        assertThat(locality.priority()).isEqualTo(2);
        assertThat(locality.weight()).isEqualTo(7);
        var first = locality.endpoints().getFirst();
        assertThat(first.address()).isEqualTo(Address.Socket.of("::1", 80));
        assertThat(first.additionalAddresses()).containsExactly(Address.Socket.of("127.0.0.2", 0));
        assertThat(first.hostname()).isEqualTo("h");
        assertThat(first.health()).isEqualTo(HealthStatus.DRAINING);
        assertThat(first.weight()).isEqualTo(Integer.MAX_VALUE);
        assertThat(first.metadata().filterMetadata()).isEqualTo(Map.of("envoy.lb", Map.of("canary", true)));
        assertThat(first.healthCheck()).isEqualTo(new HealthCheckOverride(81, "hc", true));
        assertThat(locality.endpoints().get(1).address()).isEqualTo(new Address.Pipe("/x", 420));
        assertThat(locality.endpoints().get(1).weight()).isEqualTo(1);
    }

    @Test
    void takesNamesWhereTheyAreResolved() throws Exception {
        var cluster = cluster("""
                type: STRICT_DNS, dns_refresh_rate: 1s, dns_jitter: 2s, respect_dns_ttl: true,
                dns_lookup_family: V4_PREFERRED, dns_failure_refresh_rate: {base_interval: 3s},
                load_assignment: {cluster_name: c, endpoints: [{lb_endpoints: [
                  {endpoint: {address: {socket_address: {address: a.example, port_value: 80}}}}]}]}""");

        assertThat(cluster.discovery())
                .isEqualTo(new Discovery.StrictDns(new DnsSettings(
                        Duration.ofSeconds(1),
                        Optional.of(Duration.ofSeconds(3)),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(2),
                        true,
                        LookupFamily.V4_PREFERRED)));
        assertThat(cluster.loadAssignment().localities().getFirst().endpoints())
                .singleElement()
                .extracting(endpoint -> endpoint.address().display())
                .isEqualTo("a.example:80");
    }

    @Test
    void keepsTheRefreshRateAfterAFailureUnlessToldOtherwise() throws Exception {
        assertThat(cluster("type: STRICT_DNS").discovery())
                .isEqualTo(new Discovery.StrictDns(new DnsSettings(
                        Duration.ofSeconds(5),
                        Optional.empty(),
                        Duration.ofSeconds(5),
                        Duration.ZERO,
                        false,
                        LookupFamily.AUTO)));
    }

    @Test
    void readsLimitsOfTheFirstThresholdsOfEachPriority() throws Exception {
        var breakers = cluster("""
                circuit_breakers: {thresholds: [{max_connections: 1, max_pending_requests: 2, max_requests: 3,
                  max_retries: 4, max_connection_pools: 5, track_remaining: true, retry_budget: {}},
                 {max_connections: 9}, {priority: HIGH, max_requests: 4294967295,
                  retry_budget: {budget_percent: {value: 50}, min_retry_concurrency: 6}}]}""").circuitBreakers();

        assertThat(breakers.defaultPriority())
                .isEqualTo(new Thresholds(1, 2, 3, 4, 5, Optional.of(new RetryBudget(20, 3)), true));
        assertThat(breakers.highPriority())
                .isEqualTo(new Thresholds(
                        1024, 1024, 4294967295L, 3, Long.MAX_VALUE, Optional.of(new RetryBudget(50, 6)), false));
    }

    @Test
    void detectsOutliersWithEnvoysDefaultsWhenAskedTo() throws Exception {
        assertThat(cluster("outlier_detection: {}").outlierDetection())
                .contains(new OutlierDetection(
                        new Consecutive(5, Percent.HUNDRED),
                        new Consecutive(5, Percent.ZERO),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(300),
                        Duration.ZERO,
                        new Percent(10),
                        false,
                        true));
    }

    @Test
    void readsOutlierDetection() throws Exception {
        assertThat(cluster("""
                        outlier_detection: {consecutive_5xx: 1, enforcing_consecutive_5xx: 2,
                          consecutive_gateway_failure: 3, enforcing_consecutive_gateway_failure: 4, interval: 5s,
                          base_ejection_time: 400s, max_ejection_time_jitter: 6s, max_ejection_percent: 7,
                          always_eject_one_host: true, successful_active_health_check_uneject_host: false}""").outlierDetection())
                .contains(new OutlierDetection(
                        new Consecutive(1, new Percent(2)),
                        new Consecutive(3, new Percent(4)),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(400),
                        Duration.ofSeconds(400),
                        Duration.ofSeconds(6),
                        new Percent(7),
                        true,
                        false));
    }

    @Test
    void fillsTheIntervalsOfAHealthCheckFromEachOther() throws Exception {
        var check = cluster("""
                health_checks: [{timeout: 1s, interval: 2s, unhealthy_threshold: 3, healthy_threshold: 4,
                  http_health_check: {path: /}}]""").healthChecks().getFirst();

        assertThat(check.intervals())
                .isEqualTo(new Intervals(
                        Duration.ofSeconds(2),
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2)));
        assertThat(check.timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(check.unhealthyThreshold()).isEqualTo(3);
        assertThat(check.healthyThreshold()).isEqualTo(4);
        assertThat(check.reuseConnection()).isTrue();
        assertThat(check.probe())
                .isEqualTo(new Probe.Http("", "/", "GET", List.of(), List.of(), List.of(), List.of(), false));
    }

    @Test
    void readsHealthChecks() throws Exception {
        var check = cluster("""
                health_checks: [{timeout: 1s, interval: 2s, unhealthy_threshold: 3, healthy_threshold: 4,
                  initial_jitter: 5s, interval_jitter: 6s, interval_jitter_percent: 7, no_traffic_interval: 8s,
                  no_traffic_healthy_interval: 9s, unhealthy_interval: 10s, unhealthy_edge_interval: 11s,
                  healthy_edge_interval: 12s, reuse_connection: false, http_health_check: {host: h, path: /p,
                    method: HEAD, expected_statuses: [{start: 200, end: 300}],
                    retriable_statuses: [{start: 500, end: 600}], request_headers_to_remove: [X-Drop]}}]""").healthChecks().getFirst();

        assertThat(check.intervals())
                .isEqualTo(new Intervals(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        7,
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(11),
                        Duration.ofSeconds(12)));
        assertThat(check.reuseConnection()).isFalse();
        assertThat(check.probe())
                .isEqualTo(new Probe.Http(
                        "h",
                        "/p",
                        "HEAD",
                        List.of(new StatusRange(200, 300)),
                        List.of(new StatusRange(500, 600)),
                        List.of(),
                        List.of("x-drop"),
                        false));
    }

    @Test
    void readsHealthChecksOverHttp2() throws Exception {
        var http = cluster("""
                health_checks: [{timeout: 1s, interval: 2s, unhealthy_threshold: 3, healthy_threshold: 4,
                  http_health_check: {path: /p, codec_client_type: HTTP2}}]""");
        var grpc = cluster("""
                http2_protocol_options: {}, health_checks: [{timeout: 1s, interval: 2s, unhealthy_threshold: 3,
                  healthy_threshold: 4, grpc_health_check: {service_name: s, authority: a}}]""");

        assertThat(http.healthChecks().getFirst().probe())
                .isEqualTo(new Probe.Http("", "/p", "GET", List.of(), List.of(), List.of(), List.of(), true));
        assertThat(grpc.healthChecks().getFirst().probe()).isEqualTo(new Probe.Grpc("s", "a", List.of()));
        assertThatThrownBy(() -> cluster("""
                health_checks: [{timeout: 1s, interval: 2s, unhealthy_threshold: 3, healthy_threshold: 4,
                  grpc_health_check: {}}]"""))
                .hasMessageContaining("cluster must support HTTP/2 for gRPC healthchecking");
    }

    @Test
    void readsHealthChecksOverTcp() throws Exception {
        var cluster = cluster("""
                health_checks: [{timeout: 1s, interval: 2s, unhealthy_threshold: 3, healthy_threshold: 4,
                  tcp_health_check: {send: {text: "00ff"}, receive: [{text: "0A"}, {binary: "AQI="}]}}]""");

        assertThat(cluster.healthChecks().getFirst().probe())
                .isEqualTo(new Probe.Tcp(
                        ByteBuffer.wrap(new byte[] {0, -1}),
                        List.of(ByteBuffer.wrap(new byte[] {10}), ByteBuffer.wrap(new byte[] {1, 2}))));
    }

    @Test
    void readsHttpFromTheTypedOptionsAlone() throws Exception {
        var http = cluster("""
                max_requests_per_connection: 9, http_protocol_options: {enable_trailers: true},
                common_http_protocol_options: {idle_timeout: 1s, max_headers_count: 1},
                typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {
                  "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions,
                  explicit_http_config: {http_protocol_options: {}},
                  common_http_protocol_options: {idle_timeout: 0s, max_connection_duration: 2s,
                    max_response_headers_kb: 3}}}""").http();

        assertThat(http)
                .isEqualTo(new UpstreamHttp(
                        Version.HTTP_1,
                        Duration.ZERO,
                        Optional.of(Duration.ofSeconds(2)),
                        Optional.empty(),
                        9,
                        100,
                        Optional.of(ByteCount.kibibytes(3)),
                        false,
                        Http2Options.DEFAULT,
                        UpstreamHttp.AutoNames.NONE));
    }

    @Test
    void readsHttpFromTheOlderFields() throws Exception {
        var http = cluster("""
                max_requests_per_connection: 9, http_protocol_options: {enable_trailers: true},
                common_http_protocol_options: {idle_timeout: 1s, max_connection_duration: 0s, max_headers_count: 1,
                  max_requests_per_connection: 2}""").http();

        assertThat(http)
                .isEqualTo(new UpstreamHttp(
                        Version.HTTP_1,
                        Duration.ofSeconds(1),
                        Optional.empty(),
                        Optional.empty(),
                        2,
                        1,
                        Optional.empty(),
                        true,
                        Http2Options.DEFAULT,
                        UpstreamHttp.AutoNames.NONE));
    }

    private static String options(String protocol) {
        return """
                typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {
                  "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, %s}}""".formatted(protocol);
    }

    @Test
    void readsWhichVersionOfHttpIsSpoken() throws Exception {
        assertThat(cluster(options("explicit_http_config: {http2_protocol_options: {max_concurrent_streams: 7}}"))
                        .http())
                .satisfies(http -> assertThat(http.version()).isEqualTo(Version.HTTP_2))
                .satisfies(
                        http -> assertThat(http.http2().maxConcurrentStreams()).isEqualTo(7));
        assertThat(cluster(options("use_downstream_protocol_config: {http2_protocol_options: {allow_connect: true}}"))
                        .http())
                .satisfies(http -> assertThat(http.version()).isEqualTo(Version.AS_DOWNSTREAM))
                .satisfies(http -> assertThat(http.http2().allowConnect()).isTrue());
        assertThat(cluster("http2_protocol_options: {hpack_table_size: 0}").http())
                .satisfies(http -> assertThat(http.version()).isEqualTo(Version.HTTP_2))
                .satisfies(http -> assertThat(http.http2().headerTableBytes()).isZero());
        assertThat(cluster("protocol_selection: USE_DOWNSTREAM_PROTOCOL").http().version())
                .isEqualTo(Version.AS_DOWNSTREAM);
        assertThat(cluster("common_http_protocol_options: {max_stream_duration: 3s}")
                        .http()
                        .maxStreamDuration())
                .contains(Duration.ofSeconds(3));
    }

    @Test
    void readsWhatRequestsMakeOfTheNamesOfEndpoints() throws Exception {
        var names = cluster(options("explicit_http_config: {http_protocol_options: {}}, upstream_http_protocol_options:"
                        + " {auto_sni: true, auto_san_validation: true, override_auto_sni_header: X-Name}"))
                .http()
                .autoNames();

        assertThat(names).isEqualTo(new UpstreamHttp.AutoNames(true, true, "x-name"));
        assertThat(cluster("upstream_http_protocol_options: {auto_sni: true}")
                        .http()
                        .autoNames())
                .isEqualTo(new UpstreamHttp.AutoNames(true, false, ""));
    }

    @Test
    void refusesToNegotiateWithoutATransportSocketThatCan() {
        assertThatThrownBy(() -> cluster(options("auto_config: {}")))
                .hasMessageContaining("which has a non-ALPN transport socket");
    }

    @Test
    void takesTheOptionsOfTcpWithoutEffect() throws Exception {
        assertThat(cluster("""
                        typed_extension_protocol_options: {envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions: {
                          "@type": type.googleapis.com/envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions,
                          idle_timeout: 3s}}""").http()).isEqualTo(UpstreamHttp.DEFAULT);
    }

    @Test
    void readsThePolicyByName() throws Exception {
        assertThat(cluster("lb_policy: RANDOM, round_robin_lb_config: {}").lbPolicy())
                .isEqualTo(new LbPolicy.Random());
        assertThat(cluster("round_robin_lb_config: {slow_start_config: {slow_start_window: 1s}}")
                        .lbPolicy())
                .isEqualTo(new LbPolicy.RoundRobin(
                        Optional.of(new SlowStart(Duration.ofSeconds(1), RuntimeDouble.of(1), 10))));
        assertThat(cluster("""
                        lb_policy: LEAST_REQUEST, least_request_lb_config: {choice_count: 3,
                          active_request_bias: {default_value: 0.5, runtime_key: k}, slow_start_config: {
                            slow_start_window: 1s, aggression: {default_value: 2, runtime_key: k},
                            min_weight_percent: {value: 20}}}""").lbPolicy())
                .isEqualTo(new LbPolicy.LeastRequest(
                        3,
                        new RuntimeDouble(0.5, "k"),
                        false,
                        Optional.of(new SlowStart(Duration.ofSeconds(1), new RuntimeDouble(2, "k"), 20))));
    }

    @Test
    void readsTheFirstKnownPolicyExtensionOverTheName() throws Exception {
        var cluster = cluster("""
                lb_policy: RANDOM, load_balancing_policy: {policies: [
                  {typed_extension_config: {name: x, typed_config: {
                    "@type": type.googleapis.com/envoy.config.core.v3.Node}}},
                  {typed_extension_config: {name: lr, typed_config: {
                    "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest,
                    selection_method: FULL_SCAN, locality_lb_config: {locality_weighted_lb_config: {}}}}},
                  {typed_extension_config: {name: r, typed_config: {
                    "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.random.v3.Random}}}]}""");

        assertThat(cluster.lbPolicy())
                .isEqualTo(new LbPolicy.LeastRequest(2, RuntimeDouble.of(1), true, Optional.empty()));
        assertThat(cluster.commonLb().localityWeighted()).isTrue();
    }

    @Test
    void readsAPolicyThatATypedStructDescribes() throws Exception {
        assertThat(cluster("""
                        load_balancing_policy: {policies: [{typed_extension_config: {name: lr, typed_config: {
                          "@type": type.googleapis.com/xds.type.v3.TypedStruct, type_url:
                            type.googleapis.com/envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest,
                          value: {choice_count: 5}}}}]}""").lbPolicy())
                .isEqualTo(new LbPolicy.LeastRequest(5, RuntimeDouble.of(1), false, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            lb_policy: LEAST_REQUEST, least_request_lb_config: {active_request_bias: {default_value: -1, runtime_key: k}} \
            | least_request_lb_config.active_request_bias
            lb_policy: LEAST_REQUEST, least_request_lb_config: {active_request_bias: {default_value: NaN, runtime_key: k}} \
            | least_request_lb_config.active_request_bias
            round_robin_lb_config: {slow_start_config: {slow_start_window: 1s, aggression: {default_value: 0, runtime_key: k}}} \
            | round_robin_lb_config.slow_start_config.aggression
            """)
    void warnsOfFiguresThatMakeNoSenseAndUsesOne(String fields, String path) throws Exception {
        var loaded = load(fields);

        assertThat(loaded.warnings()).extracting(Problem::path).containsExactly("static_resources.clusters[0]." + path);
        switch (loaded.bootstrap().clusters().getFirst().lbPolicy()) {
            case LbPolicy.LeastRequest policy ->
                assertThat(policy.activeRequestBias().defaultValue()).isEqualTo(1);
            case LbPolicy.RoundRobin policy ->
                assertThat(policy.slowStart().orElseThrow().aggression().defaultValue())
                        .isEqualTo(1);
            case LbPolicy.Random policy -> throw new AssertionError(policy);
        }
    }

    @Test
    void acceptsTheTransportSocketThatChangesNothing() throws Exception {
        assertThat(cluster("""
                        transport_socket: {name: raw, typed_config: {
                          "@type": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer}}""")).isNotNull();
    }

    @Test
    void hashesWhatWasReceived() throws Exception {
        assertThat(cluster("connect_timeout: 1s").contentHash())
                .isEqualTo(cluster("connect_timeout: {seconds: 1}").contentHash())
                .isNotEqualTo(cluster("connect_timeout: 2s").contentHash());
    }

    private static Cluster cluster(String fields) throws InvalidConfigException {
        return load(fields).bootstrap().clusters().getFirst();
    }

    private static LoadedBootstrap load(String fields) throws InvalidConfigException {
        return LoaderFixture.load("static_resources: {clusters: [{name: c, " + fields + "}]}");
    }
}
