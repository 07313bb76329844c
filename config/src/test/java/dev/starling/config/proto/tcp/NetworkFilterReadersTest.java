package dev.starling.config.proto.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.proto.http.Translated;
import dev.starling.config.tcp.DirectResponse;
import dev.starling.config.tcp.TcpProxy;
import dev.starling.config.tcp.TcpProxy.WeightedCluster;
import io.envoyproxy.envoy.extensions.filters.network.direct_response.v3.Config;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkFilterReadersTest {

    @Test
    void givesTheTcpProxyEnvoysDefaults() throws Exception {
        assertThat(tcpProxy("{stat_prefix: t, cluster: unknown}").get())
                .isEqualTo(new TcpProxy(
                        "t",
                        List.of(new WeightedCluster("unknown", 1)),
                        Duration.ofHours(1),
                        Optional.empty(),
                        1,
                        List.of()));
    }

    @Test
    void readsEveryOptionOfTheTcpProxy() throws Exception {
        var proxy = tcpProxy("""
                stat_prefix: t
                weighted_clusters: {clusters: [{name: a, weight: 1}, {name: b, weight: 4294967295}]}
                idle_timeout: 0s
                max_downstream_connection_duration: 5s
                max_connect_attempts: 3
                access_log:
                - typed_config: {"@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog}
                """).get();

        assertThat(proxy.clusters())
                .containsExactly(new WeightedCluster("a", 1), new WeightedCluster("b", 4294967295L));
        assertThat(proxy.idleTimeout()).isZero();
        assertThat(proxy.maxDownstreamConnectionDuration()).contains(Duration.ofSeconds(5));
        assertThat(proxy.maxConnectAttempts()).isEqualTo(3);
        assertThat(proxy.accessLogs()).hasSize(1);
    }

    // Verdicts are those of Envoy 1.40 in --mode validate.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
{stat_prefix: t}                                             | ``
{cluster: c}                                                 | stat_prefix
{stat_prefix: t, weighted_clusters: {clusters: []}}          | weighted_clusters.clusters
{stat_prefix: t, weighted_clusters: {clusters: [{name: c, weight: 0}]}} | weighted_clusters.clusters[0].weight
{stat_prefix: t, weighted_clusters: {clusters: [{name: '', weight: 1}]}} | weighted_clusters.clusters[0].name
{stat_prefix: t, cluster: c, max_connect_attempts: 0}        | max_connect_attempts
{stat_prefix: t, cluster: c, idle_timeout: -1s}              | idle_timeout
{stat_prefix: t, cluster: c, idle_timeout: 315576000000s}    | idle_timeout
{stat_prefix: t, cluster: c, max_downstream_connection_duration: 0s} | max_downstream_connection_duration
{stat_prefix: t, cluster: c, tunneling_config: {hostname: ''}} | tunneling_config.hostname
""")
    void refusesTcpProxies(String yaml, String path) throws Exception {
        assertThat(tcpProxy(yaml).errors())
                .singleElement()
                .satisfies(problem -> assertThat(problem.path()).isEqualTo(path));
    }

    @Test
    void readsDirectResponses() throws Exception {
        assertThat(directResponse("{}").get().response()).isEmpty();
        assertThat(directResponse("response: {inline_string: hé}").get().response())
                .asString()
                .isEqualTo("hé");
        assertThat(directResponse("response: {inline_bytes: //8=}").get().response())
                .containsExactly(0xff, 0xff);
        assertThat(directResponse("response: {filename: /nonexistent}").complaints())
                .containsExactly("response.filename: file /nonexistent does not exist");
    }

    private static Translated<TcpProxy> tcpProxy(String yaml) throws Exception {
        return Translated.of(
                io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.getDefaultInstance(),
                yaml,
                TcpProxyReader::read);
    }

    private static Translated<DirectResponse> directResponse(String yaml) throws Exception {
        return Translated.of(Config.getDefaultInstance(), yaml, DirectResponseReader::read);
    }
}
