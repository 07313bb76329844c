package dev.starling.config.proto.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.starling.config.Address;
import dev.starling.config.ByteCount;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.FilterChainMatch;
import dev.starling.config.listener.FilterChainMatch.SourceType;
import dev.starling.config.listener.Listener;
import dev.starling.config.listener.Listener.TrafficDirection;
import dev.starling.config.listener.filter.ProtocolDetection;
import dev.starling.config.listener.filter.ProxyProtocol;
import dev.starling.config.listener.filter.TlsInspector;
import dev.starling.config.listener.filter.TlvFilter;
import dev.starling.config.proto.LoaderFixture;
import dev.starling.config.tcp.Echo;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenerReaderTest {

    private static final String ADDRESS = "address: {socket_address: {address: 127.0.0.1, port_value: 0}}, ";
    private static final String CHAIN = "filter_chains: [{filters: []}]";
    private static final String ECHO = "{name: e, typed_config: {'@type':"
            + " type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}";

    @Test
    void takesEnvoysDefaults() throws Exception {
        var listener = listener("name: l, " + ADDRESS + CHAIN);

        assertThat(listener.name()).isEqualTo("l");
        assertThat(listener.addresses()).containsExactly(Address.Socket.of("127.0.0.1", 0));
        assertThat(listener.statPrefix()).isEqualTo("127.0.0.1_0");
        assertThat(listener.defaultFilterChain()).isEmpty();
        assertThat(listener.accessLogs()).isEmpty();
        assertThat(listener.perConnectionBufferLimit()).isEqualTo(ByteCount.mebibytes(1));
        assertThat(listener.tcpBacklog()).isZero();
        assertThat(listener.bindToPort()).isTrue();
        assertThat(listener.reusePort()).isTrue();
        assertThat(listener.trafficDirection()).isEqualTo(TrafficDirection.UNSPECIFIED);
        assertThat(listener.drainOnHealthCheckFail()).isTrue();
        assertThat(listener.listenerFilters().timeout()).isEqualTo(Duration.ofSeconds(15));
        var chain = listener.filterChains().getFirst();
        assertThat(chain.match()).isEqualTo(FilterChainMatch.ANY);
        assertThat(chain.transportSocketConnectTimeout()).isZero();
    }

    @Test
    void readsItsOwnFields() throws Exception {
        var listener = listener("""
                name: l, address: {socket_address: {address: "::", port_value: 80, ipv4_compat: true}}, stat_prefix: a:b,
                additional_addresses: [{address: {pipe: {path: "@x", mode: 438}}}], bind_to_port: false,
                enable_reuse_port: false, tcp_backlog_size: 7, per_connection_buffer_limit_bytes: 8,
                traffic_direction: INBOUND, drain_type: MODIFY_ONLY, listener_filters_timeout: 0s,
                access_log: [{name: a, typed_config: {
                  "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog}}],
                default_filter_chain: {name: d, transport_socket_connect_timeout: 3s, filters: []}""");

        assertThat(listener.addresses())
                .containsExactly(new Address.Socket("::", 80, true), new Address.Pipe("@x", 438));
        assertThat(listener.statPrefix()).isEqualTo("a_b");
        assertThat(listener.bindToPort()).isFalse();
        assertThat(listener.reusePort()).isFalse();
        assertThat(listener.tcpBacklog()).isEqualTo(7);
        assertThat(listener.perConnectionBufferLimit()).isEqualTo(new ByteCount(8));
        assertThat(listener.trafficDirection()).isEqualTo(TrafficDirection.INBOUND);
        assertThat(listener.drainOnHealthCheckFail()).isFalse();
        assertThat(listener.listenerFilters().timeout()).isZero();
        assertThat(listener.accessLogs()).hasSize(1);
        assertThat(listener.filterChains()).isEmpty();
        assertThat(listener.defaultFilterChain()).hasValueSatisfying(chain -> {
            assertThat(chain.name()).isEqualTo("d");
            assertThat(chain.transportSocketConnectTimeout()).isEqualTo(Duration.ofSeconds(3));
        });
    }

    @Test
    void readsTheOlderWayNotToBind() throws Exception {
        assertThat(listener(ADDRESS + CHAIN + ", deprecated_v1: {bind_to_port: false}")
                        .bindToPort())
                .isFalse();
    }

    @Test
    void readsFiltersAndWhatSelectsThem() throws Exception {
        var chain = chain("""
                name: f, filters: [%s], filter_chain_match: {destination_port: 1,
                  prefix_ranges: [{address_prefix: 10.1.2.3, prefix_len: 8}, {address_prefix: "::1"}],
                  server_names: [A.example, "*.B.example"], transport_protocol: tls, application_protocols: [h2],
                  direct_source_prefix_ranges: [{address_prefix: 10.0.0.1, prefix_len: 99}], source_type: EXTERNAL,
                  source_prefix_ranges: [{address_prefix: 11.0.0.0, prefix_len: 8}], source_ports: [2, 65535]}
                """.formatted(ECHO));

        var match = chain.match();
        assertThat(match.destinationPort()).isEqualTo(OptionalInt.of(1));
        assertThat(match.prefixRanges())
                .extracting(range -> range.network().getHostAddress() + "/" + range.prefixLength())
                .containsExactly("10.0.0.0/8", "0:0:0:0:0:0:0:0/0");
        assertThat(match.serverNames()).containsExactly("a.example", "*.b.example");
        assertThat(match.transportProtocol()).isEqualTo("tls");
        assertThat(match.applicationProtocols()).containsExactly("h2");
        assertThat(match.directSourcePrefixRanges())
                .extracting(range -> range.prefixLength())
                .containsExactly(32);
        assertThat(match.sourceType()).isEqualTo(SourceType.EXTERNAL);
        assertThat(match.sourcePrefixRanges()).hasSize(1);
        assertThat(match.sourcePorts()).containsExactly(2, 65535);
        assertThat(chain.filters()).singleElement().satisfies(filter -> {
            assertThat(filter.name()).isEqualTo("e");
            assertThat(filter.typeUrl()).isEqualTo("envoy.extensions.filters.network.echo.v3.Echo");
            assertThat(filter.config()).isEqualTo(new Echo());
        });
    }

    @Test
    void readsListenerFilters() throws Exception {
        var filters = listener("name: l, " + ADDRESS + CHAIN
                        + """
                , continue_on_listener_filters_timeout: true, listener_filters_timeout: 2s, listener_filters: [
                {name: t, typed_config: {"@type": %1$s.tls_inspector.v3.TlsInspector,
                  enable_ja3_fingerprinting: true, initial_read_buffer_size: 512},
                 filter_disabled: {or_match: {rules: [{destination_port_range: {start: 80, end: 81}},
                   {and_match: {rules: [{any_match: true}, {not_match: {destination_port_range: {start: 1, end: 9000}}}]}}]}}},
                {name: p, typed_config: {"@type": %1$s.proxy_protocol.v3.ProxyProtocol, stat_prefix: edge,
                  rules: [{tlv_type: 2, on_tlv_present: {key: authority}}], disallowed_versions: [V1],
                  allow_requests_without_proxy_protocol: true,
                  pass_through_tlvs: {match_type: INCLUDE, tlv_type: [5, 6]}}}]
                """.formatted("type.googleapis.com/envoy.extensions.filters.listener"))
                .listenerFilters();

        assertThat(filters.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(filters.continuesOnTimeout()).isTrue();
        var inspector = filters.filters().getFirst();
        assertThat(inspector.filter().config()).isEqualTo(new TlsInspector(true, true, false, 512));
        assertThat(List.of(79, 80, 81, 9000))
                .extracting(inspector.disabled()::test)
                .containsExactly(false, true, false, true);
        assertThat(filters.filters().get(1).filter().config())
                .isEqualTo(new ProxyProtocol(
                        List.of(new ProxyProtocol.Rule(2, "envoy.filters.listener.proxy_protocol", "authority")),
                        new TlvFilter(false, Set.of(5, 6)),
                        true,
                        Set.of(ProxyProtocol.Version.V1),
                        "edge."));
    }

    @Test
    void readsTheFilterThatHasNoMessage() throws Exception {
        var filters = listener("name: l, " + ADDRESS + """
                        filter_chains: [{filters: [], filter_chain_match: {application_protocols: [h2c]}}], listener_filters: [
                        {name: d, typed_config: {"@type": type.googleapis.com/xds.type.v3.TypedStruct,
                          type_url: type.googleapis.com/starling.listener_filters.ProtocolDetection,
                          value: {timeout: 5s, client_silence: 0.2s, remember_for: 60s, max_destinations: 7}}}]""").listenerFilters().filters();

        assertThat(filters)
                .singleElement()
                .extracting(entry -> entry.filter().config())
                .isEqualTo(
                        new ProtocolDetection(Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofMinutes(1), 7));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {timeout: 5}              | timeout: must be seconds, such as 0.3s
            {client_silence: x}       | client_silence: must be seconds, such as 0.3s
            {max_destinations: 0}     | max_destinations: must be a whole number from 1 to 1000000
            {max_destination: 1}      | max_destination: no such field of starling.listener_filters.ProtocolDetection
            """)
    void refusesWhatThatFilterDoesNotKnow(String value, String problem) {
        assertThatThrownBy(() -> listener("name: l, " + ADDRESS + CHAIN + """
                        , listener_filters: [{name: d, typed_config: {"@type": type.googleapis.com/xds.type.v3.TypedStruct,
                          type_url: type.googleapis.com/starling.listener_filters.ProtocolDetection, value: %s}}]""".formatted(value)))
                .hasMessageContaining("listener_filters[0].typed_config.value." + problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            use_original_dst: true, filter_chains: [{filters: []}]                                | OriginalDst
            filter_chains: [{filters: [], use_proxy_proto: true}]                                 | ProxyProtocol
            filter_chains: [{filters: [], filter_chain_match: {transport_protocol: tls}}]         | TlsInspector
            filter_chains: [{filters: [], filter_chain_match: {server_names: [a]}}]               | TlsInspector
            filter_chains: [{filters: [], filter_chain_match: {application_protocols: [h2]}}]     | TlsInspector
            filter_chains: [{filters: [], filter_chain_match: {server_names: [a], transport_protocol: raw_buffer}}] | ''
            """)
    void addsTheListenerFiltersThatOtherFieldsNeed(String fields, String added) throws Exception {
        var filters = listener("name: l, " + ADDRESS + fields).listenerFilters().filters();

        assertThat(filters.stream()
                        .map(each -> each.filter().config().getClass().getSimpleName())
                        .toList())
                .isEqualTo(added.isEmpty() ? List.of() : List.of(added));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {destination_port: 80} | {destination_port: 81}
            {destination_port: 80} | {}
            {server_names: [a.x]} | {server_names: ['*.x']}
            {server_names: [a.x], destination_port: 80} | {server_names: [a.x], destination_port: 81}
            {server_names: [a.x], transport_protocol: tls} | {server_names: [a.x], transport_protocol: raw_buffer}
            {source_type: EXTERNAL} | {source_type: SAME_IP_OR_LOOPBACK}
            {prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]} | {prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 9}]}
            {source_ports: [1, 2]} | {source_ports: [3]}
            {application_protocols: [h2]} | {application_protocols: [http/1.1]}
            {direct_source_prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]} | {source_prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}
            """)
    void takesChainsThatDifferInOneCriterion(String one, String other) throws Exception {
        var listener = listener(ADDRESS + "filter_chains: [{filter_chain_match: " + one
                + ", filters: []}, {filter_chain_match: " + other + ", filters: []}]");

        assertThat(listener.filterChains()).hasSize(2);
    }

    @Test
    void makesUpADifferentNameForEachNamelessListenerAndTheSameAgain() throws Exception {
        String twice = "static_resources: {listeners: [{" + ADDRESS + CHAIN + "}, {" + ADDRESS + CHAIN + "}]}";

        var names = names(twice);

        assertThat(names).doesNotHaveDuplicates().hasSize(2);
        assertThat(names(twice)).isEqualTo(names);
    }

    @Test
    void tellsAChangeOfAChainFromAChangeOfTheListener() throws Exception {
        var before = listener("name: l, " + ADDRESS + "filter_chains: [{name: a, filters: []}]");
        var otherChain = listener("name: l, " + ADDRESS + "filter_chains: [{name: b, filters: []}]");
        var otherListener =
                listener("name: l, tcp_backlog_size: 1, " + ADDRESS + "filter_chains: [{name: a, filters: []}]");

        assertThat(otherChain.contentHash()).isNotEqualTo(before.contentHash());
        assertThat(otherChain.hashWithoutFilterChains()).isEqualTo(before.hashWithoutFilterChains());
        assertThat(otherChain.filterChains().getFirst().contentHash())
                .isNotEqualTo(before.filterChains().getFirst().contentHash());
        assertThat(otherListener.hashWithoutFilterChains()).isNotEqualTo(before.hashWithoutFilterChains());
        assertThat(otherListener.filterChains().getFirst().contentHash())
                .isEqualTo(before.filterChains().getFirst().contentHash());
    }

    private static FilterChain chain(String fields) throws InvalidConfigException {
        return listener(ADDRESS + "filter_chains: [{" + fields + "}]")
                .filterChains()
                .getFirst();
    }

    private static Listener listener(String fields) throws InvalidConfigException {
        return LoaderFixture.load("static_resources: {listeners: [{" + fields + "}]}")
                .bootstrap()
                .listeners()
                .getFirst();
    }

    private static List<String> names(String yaml) throws InvalidConfigException {
        return LoaderFixture.load(yaml).bootstrap().listeners().stream()
                .map(Listener::name)
                .toList();
    }
}
