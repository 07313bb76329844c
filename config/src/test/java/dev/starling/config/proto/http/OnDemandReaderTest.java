package dev.starling.config.proto.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.discovery.ApiConfigSource.Variant;
import dev.starling.config.discovery.ConfigSource;
import dev.starling.config.discovery.OnDemandClusters;
import dev.starling.config.http.OnDemandConfig;
import io.envoyproxy.envoy.extensions.filters.http.on_demand.v3.OnDemand;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Verdicts are those of Envoy 1.40 in {@code --mode validate}, but where a line says otherwise. */
class OnDemandReaderTest {

    private static final String CLUSTER = "envoy.config.cluster.v3.Cluster";
    private static final ConfigSource ADS = new ConfigSource.Ads(Duration.ofSeconds(15));

    private static Translated<OnDemandConfig> read(String odcds) throws Exception {
        return Translated.of(
                OnDemand.getDefaultInstance(),
                "odcds: {" + odcds.replace("CLUSTER", CLUSTER) + "}",
                OnDemandReader::read);
    }

    private static String api(String type) {
        return "source: {api_config_source: {api_type: " + type + ", transport_api_version: V3,"
                + " grpc_services: [{envoy_grpc: {cluster_name: c}}]}}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "xdstp://p/CLUSTER/*",
                "xdstp://p/CLUSTER/some/*?a=b",
                "xdstp://p/CLUSTER/one",
                "xdstp:///CLUSTER"
            })
    void readsALocator(String locator) throws Exception {
        assertThat(read("source: {ads: {}}, resources_locator: '" + locator + "'")
                        .get())
                .isEqualTo(new OnDemandConfig(Optional.of(new OnDemandClusters(
                        ADS, Optional.of(locator.replace("CLUSTER", CLUSTER)), Duration.ofSeconds(5)))));
    }

    @Test
    void anEmptyLocatorIsNone() throws Exception {
        var clusters = read("source: {ads: {}}, resources_locator: ''")
                .get()
                .clusters()
                .orElseThrow();

        assertThat(clusters.locator()).isEmpty();
    }

    @Test
    void aDeltaStreamOfItsOwnCanHaveIt() throws Exception {
        var clusters = read(api("DELTA_GRPC") + ", resources_locator: 'xdstp://p/CLUSTER/*'")
                .get()
                .clusters()
                .orElseThrow();

        assertThat(clusters.source())
                .isInstanceOfSatisfying(
                        ConfigSource.Grpc.class,
                        grpc -> assertThat(grpc.api().variant()).isEqualTo(Variant.DELTA));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            x                               | x does not have a xdstp: scheme and an authority
            http://p/CLUSTER/*              | http://p/CLUSTER/* does not have a xdstp: scheme and an authority
            xdstp://p                       | resource type missing from xdstp://p
            xdstp://p/?a=b                  | resource type missing from xdstp://p/?a=b
            xdstp://p/other/*               | xdstp:// type does not match CLUSTER in xdstp://p/other/*
            # Envoy takes these, and asks for nothing of use
            file:///dev/null                | file:///dev/null does not have a xdstp: scheme and an authority
            xdstp:/CLUSTER/*                | xdstp:/CLUSTER/* does not have a xdstp: scheme and an authority
            'xdstp://p/CLUSTER/*#entry=a'   | directives are not supported: #entry=a
            """)
    void refusesOtherLocators(String locator, String problem) throws Exception {
        assertThat(read("source: {ads: {}}, resources_locator: '" + locator + "'")
                        .complaints())
                .containsExactly("odcds.resources_locator: " + problem.replace("CLUSTER", CLUSTER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "REST", "PATH"})
    void refusesSourcesThatCannotHaveIt(String type) throws Exception {
        String source = switch (type) {
            case "REST" ->
                "source: {api_config_source: {api_type: REST, transport_api_version: V3, cluster_names: [c],"
                        + " refresh_delay: 1s}}";
            case "PATH" -> "source: {path_config_source: {path: /dev/null}}";
            default -> api(type);
        };

        assertThat(read(source + ", resources_locator: 'xdstp://p/CLUSTER/*'").complaints())
                .containsExactly(
                        "odcds.source: only ads and an api_config_source of DELTA_GRPC can have what a locator leads"
                                + " to");
    }
}
