package dev.starling.config.proto.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.DiscoveredExtension;
import dev.starling.config.Extension;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.listener.Listener;
import dev.starling.config.proto.LoaderFixture;
import dev.starling.config.tcp.Echo;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Network filters and listener filters whose configuration comes by itself. The words of refusals are Envoy's. */
class DiscoveredFiltersTest {

    private static final String FILTERS = "type.googleapis.com/envoy.extensions.filters.";
    private static final String ECHO = "envoy.extensions.filters.network.echo.v3.Echo";
    private static final String STATIC_ECHO = "{name: e, typed_config: {'@type': type.googleapis.com/" + ECHO + "}}";
    private static final String SOURCE = "config_source: {ads: {}, resource_api_version: V3}, ";

    private static String listener(String networkFilters, String listenerFilters) {
        return "static_resources: {listeners: [{name: l, address: {socket_address: {address: 127.0.0.1, port_value: 0}},"
                + " listener_filters: [" + listenerFilters + "], filter_chains: [{filters: [" + networkFilters
                + "]}]}]}";
    }

    private static String discovered(String fields) {
        return "{name: f, config_discovery: {" + SOURCE + fields.replace("T/", FILTERS) + "}}";
    }

    private static Listener read(String networkFilters, String listenerFilters) throws InvalidConfigException {
        return LoaderFixture.load(listener(networkFilters, listenerFilters))
                .bootstrap()
                .listeners()
                .getFirst();
    }

    private static DiscoveredExtension network(Listener listener, int position) {
        return (DiscoveredExtension)
                listener.filterChains().getFirst().filters().get(position).config();
    }

    @Test
    void readsTheirSourcesTypesAndDefaults() throws Exception {
        var listener = read(
                discovered("default_config: {'@type': T/network.echo.v3.Echo}, type_urls: [T/network.echo.v3.Echo]"),
                discovered("type_urls: [T/listener.tls_inspector.v3.TlsInspector]")
                        .replace("}}", "}, filter_disabled: {any_match: true}}"));

        var filter = network(listener, 0);
        assertThat(filter.types()).isEqualTo(Set.of(ECHO));
        assertThat(filter.fallback()).contains(new Extension("f", ECHO, new Echo()));
        var entry = listener.listenerFilters().filters().getFirst();
        assertThat(entry.filter().config()).isInstanceOf(DiscoveredExtension.class);
        assertThat(entry.disabled().test(80)).isTrue();
    }

    @Test
    void refusesConfigurationsOfATypeThatIsNotExpectedOrNotInItsPlaceWhenTheyCome() throws Exception {
        var filter = network(read(discovered("type_urls: [T/network.echo.v3.Echo]") + ", " + STATIC_ECHO, ""), 0);

        assertThat(filter.objection(new Extension("f", ECHO, new Echo())))
                .contains(
                        "Error: terminal filter named f of type envoy.filters.network.echo must be the last filter in a"
                                + " network filter chain.");
        assertThat(filter.objection(new Extension("f", "other.Type", new Echo())))
                .contains("Error: filter config has type URL other.Type but expect " + ECHO + ".");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            type_urls: [a/Nope] | type_urls[0]: Error: no factory found for a required type URL Nope.
            default_config: {'@type': T/network.echo.v3.Echo}, type_urls: [T/network.tcp_proxy.v3.TcpProxy] | default_config: Error: filter config has type URL envoy.extensions.filters.network.echo.v3.Echo but expect envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.
            default_config: {'@type': T/network.echo.v3.Echo}, type_urls: [T/network.echo.v3.Echo] | default_config: Error: terminal filter named f of type envoy.filters.network.echo must be the last filter in a network filter chain.
            """)
    void refusesNetworkFilters(String fields, String problem) {
        assertThat(LoaderFixture.problems(listener(discovered(fields) + ", " + STATIC_ECHO, "")))
                .singleElement()
                .asString()
                .contains("filter_chains[0].filters[0].config_discovery." + problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            type_urls: [T/network.echo.v3.Echo] | type_urls[0]: Error: no listener factory found for a required type URL envoy.extensions.filters.network.echo.v3.Echo.
            apply_default_config_without_warming: true, type_urls: [T/listener.tls_inspector.v3.TlsInspector] | apply_default_config_without_warming: Error: listener filter config f applied without warming but has no default config.
            """)
    void refusesListenerFilters(String fields, String problem) {
        assertThat(LoaderFixture.problems(listener(STATIC_ECHO, discovered(fields))))
                .singleElement()
                .asString()
                .contains("listener_filters[0].config_discovery." + problem);
    }

    /** As Envoy, which closes connections until there is a configuration. */
    @Test
    void aNetworkFilterNeedsNoDefaultToBeAppliedAtOnce() throws Exception {
        var filter = network(
                read(
                        discovered("apply_default_config_without_warming: true,"
                                + " type_urls: [T/network.tcp_proxy.v3.TcpProxy]"),
                        ""),
                0);

        assertThat(filter.atOnce()).isTrue();
        assertThat(filter.fallback()).isEmpty();
    }
}
