package dev.starling.config.proto.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.starling.config.proto.UnknownFields;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.RuntimeDouble;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.SocketOption;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtoReaderTest {

    @Test
    void takesFieldNamesInBothSpellings() throws Exception {
        var read = ReadText.of(Cluster.getDefaultInstance(), "{altStatName: a, connect_timeout: 1s}");

        assertThat(read.errors()).isEmpty();
        assertThat(read.message().getAltStatName()).isEqualTo("a");
        assertThat(read.message().getConnectTimeout()).isEqualTo(seconds(1, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1s | 1 | 0",
                "1.5s | 1 | 500000000",
                "0.000000001s | 0 | 1",
                "'{seconds: 2, nanos: 5}' | 2 | 5",
                "'{seconds: \"3\"}' | 3 | 0",
                "-1.5s | -1 | -500000000",
            })
    void takesDurations(String text, long wholeSeconds, int nanos) throws Exception {
        var read = ReadText.of(Cluster.getDefaultInstance(), "connect_timeout: " + text);

        assertThat(read.errors()).isEmpty();
        assertThat(read.message().getConnectTimeout()).isEqualTo(seconds(wholeSeconds, nanos));
    }

    @ParameterizedTest
    @CsvSource({"STATIC, 0", "strict_dns, 1", "3, 3", "'\"4\"', 4"})
    void takesEnumsByNameAndNumber(String text, int number) throws Exception {
        var read = ReadText.of(Cluster.getDefaultInstance(), "type: " + text);

        assertThat(read.errors()).isEmpty();
        assertThat(read.message().getTypeValue()).isEqualTo(number);
    }

    @Test
    void keepsAnEnumNumberWithoutANameForTheRules() throws Exception {
        var read = ReadText.of(Cluster.getDefaultInstance(), "type: 77");

        assertThat(read.errors()).isEmpty();
        assertThat(read.message().getTypeValue()).isEqualTo(77);
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5",
        "'\"-5\"', -5",
        "1.0, 1",
        "1e3, 1000",
        "0x10, 16",
        "'\"0x10\"', 16",
        "9223372036854775807, 9223372036854775807"
    })
    void takesLongsAsNumbersAndText(String text, long value) throws Exception {
        var read = ReadText.of(SocketOption.getDefaultInstance(), "level: " + text);

        assertThat(read.errors()).isEmpty();
        assertThat(read.message().getLevel()).isEqualTo(value);
    }

    @Test
    void takesUnsignedNumbersToTheirEnd() throws Exception {
        var read = ReadText.of(
                Cluster.getDefaultInstance(),
                "{per_connection_buffer_limit_bytes: 4294967295, ring_hash_lb_config: {minimum_ring_size:"
                        + " 18446744073709551615}}");

        assertThat(read.errors()).isEmpty();
        assertThat(read.message().getPerConnectionBufferLimitBytes().getValue()).isEqualTo(-1);
        assertThat(read.message().getRingHashLbConfig().getMinimumRingSize().getValue())
                .isEqualTo(-1L);
    }

    @ParameterizedTest
    @CsvSource({
        "1.5, 1.5",
        "1, 1",
        "'\"2.5\"', 2.5",
        "NaN, NaN",
        "Infinity, Infinity",
        "-Infinity, -Infinity",
        "1e-3, 0.001"
    })
    void takesDoubles(String text, double value) throws Exception {
        var read = ReadText.of(RuntimeDouble.getDefaultInstance(), "default_value: " + text);

        assertThat(read.errors()).isEmpty();
        assertThat(Double.valueOf(read.message().getDefaultValue())).isEqualTo(Double.valueOf(value));
    }

    @ParameterizedTest
    @CsvSource({"true, true", "on, true", "'\"True\"', true", "'\"1\"', true", "'\"no\"', false", "'\"f\"', false"})
    void takesBooleansAsEnvoyDoes(String text, boolean value) throws Exception {
        var read = ReadText.of(SocketAddress.getDefaultInstance(), "ipv4_compat: " + text);

        assertThat(read.errors()).isEmpty();
        assertThat(read.message().getIpv4Compat()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"aGk=, hi", "aGk, hi", "Pz8_, ???", "Pz8/, ???"})
    void takesBytesInBothAlphabets(String text, String value) throws Exception {
        var read = ReadText.of(DataSource.getDefaultInstance(), "inline_bytes: " + text);

        assertThat(read.errors()).isEmpty();
        assertThat(read.message().getInlineBytes()).isEqualTo(ByteString.copyFromUtf8(value));
    }

    @Test
    void takesWrappersBareAndAsObjects() throws Exception {
        var read = ReadText.of(
                HealthCheck.getDefaultInstance(), "{healthy_threshold: 2, unhealthy_threshold: {value: 3}}");

        assertThat(read.errors()).isEmpty();
        assertThat(read.message().getHealthyThreshold().getValue()).isEqualTo(2);
        assertThat(read.message().getUnhealthyThreshold().getValue()).isEqualTo(3);
    }

    @Test
    void takesASingleValueForAList() throws Exception {
        var read = ReadText.of(Bootstrap.getDefaultInstance(), "static_resources: {clusters: {name: a}}");

        assertThat(read.errors()).isEmpty();
        assertThat(read.message().getStaticResources().getClusters(0).getName()).isEqualTo("a");
    }

    @Test
    void takesStructsWithWhatTheyHold() throws Exception {
        var read = ReadText.of(
                Metadata.getDefaultInstance(), "filter_metadata: {a.b: {s: x, n: 5, t: true, z: ~, l: [1, {k: v}]}}");

        assertThat(read.errors()).isEmpty();
        var struct = read.message().getFilterMetadataOrThrow("a.b");
        assertThat(struct.getFieldsOrThrow("s").getStringValue()).isEqualTo("x");
        assertThat(struct.getFieldsOrThrow("n").getNumberValue()).isEqualTo(5);
        assertThat(struct.getFieldsOrThrow("t").getBoolValue()).isTrue();
        assertThat(struct.getFieldsOrThrow("z").hasNullValue()).isTrue();
        assertThat(struct.getFieldsOrThrow("l")
                        .getListValue()
                        .getValues(1)
                        .getStructValue()
                        .getFieldsOrThrow("k"))
                .extracting(value -> value.getStringValue())
                .isEqualTo("v");
    }

    @Test
    void takesMapsOfMessages() throws Exception {
        var read = ReadText.of(
                io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck.getDefaultInstance(),
                "cluster_min_healthy_percentages: {a: {value: 20}}");

        assertThat(read.errors()).isEmpty();
        assertThat(read.message().getClusterMinHealthyPercentagesOrThrow("a").getValue())
                .isEqualTo(20);
    }

    @Test
    void takesNullForAnAbsentField() throws Exception {
        var read = ReadText.of(Cluster.getDefaultInstance(), "{name: ~, connect_timeout: null, health_checks: ~}");

        assertThat(read.errors()).isEmpty();
        assertThat(read.message()).isEqualTo(Cluster.getDefaultInstance());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name: 5 | 1:1: name: expected a string but found a number: put it in quotes",
                "name: yes | 1:1: name: expected a string but found a boolean: put it in quotes",
                "name: [a] | 1:1: name: expected a string but found a list",
                "name: {} | 1:1: name: expected a string but found an object",
                "nam: a | 1:1: nam: unknown field `nam` in envoy.config.cluster.v3.Cluster, did you mean `name`?",
                "connectTimout: 1s | 1:1: connectTimout: unknown field `connectTimout` in"
                        + " envoy.config.cluster.v3.Cluster, did you mean `connect_timeout`?",
                "xyz: 1s | 1:1: xyz: unknown field `xyz` in envoy.config.cluster.v3.Cluster",
                "connect_timeout: 1 | 1:1: connect_timeout: expected a duration such as `1.5s` but found a number",
                "connect_timeout: 1m | 1:1: connect_timeout: expected a duration such as `1.5s` but found `1m`",
                "connect_timeout: [] | 1:1: connect_timeout: expected a duration such as `1.5s` but found a list",
                "connect_timeout: {secs: 1} | 1:19: connect_timeout.secs: unknown field `secs` in"
                        + " google.protobuf.Duration",
                "type: STATC | 1:1: type: unknown value `STATC` of enum envoy.config.cluster.v3.Cluster.DiscoveryType,"
                        + " did you mean `STATIC`?",
                "type: on | 1:1: type: expected the name of an enum value but found a boolean",
                "respect_dns_ttl: 1 | 1:1: respect_dns_ttl: expected true or false but found a number",
                "respect_dns_ttl: x | 1:1: respect_dns_ttl: expected true or false but found a string",
                "per_connection_buffer_limit_bytes: -1 | 1:1: per_connection_buffer_limit_bytes: -1 is out of range: 0 to"
                        + " 4294967295",
                "per_connection_buffer_limit_bytes: 4294967296 | 1:1: per_connection_buffer_limit_bytes: 4294967296 is out"
                        + " of range: 0 to 4294967295",
                "per_connection_buffer_limit_bytes: 1.5 | 1:1: per_connection_buffer_limit_bytes: expected an integer but"
                        + " found `1.5`",
                "per_connection_buffer_limit_bytes: 1e999999999 | 1:1: per_connection_buffer_limit_bytes: expected an"
                        + " integer but found `1e999999999`",
                "ring_hash_lb_config: {minimum_ring_size: 18446744073709551616} | 1:23:"
                        + " ring_hash_lb_config.minimum_ring_size: 18446744073709551616 is out of range: 0 to"
                        + " 18446744073709551615",
                "health_checks: [{}, ~, {timeout: x}] | 1:21: health_checks[1]: null in a list\\n"
                        + "1:25: health_checks[2].timeout: expected a duration such as `1.5s` but found `x`",
                "health_checks: [5] | 1:17: health_checks[0]: expected an object but found a number",
                "load_assignment: x | 1:1: load_assignment: expected an object but found a string",
                "metadata: {filter_metadata: {a: 5}} | 1:30: metadata.filter_metadata[\"a\"]: expected an object but found a"
                        + " number",
                "metadata: {filter_metadata: []} | 1:12: metadata.filter_metadata: expected an object but found a list",
                "{connect_timeout: 1s, connectTimeout: 2s} | 1:23: connectTimeout: `connect_timeout` is given twice, in both"
                        + " spellings",
                "{type: EDS, cluster_type: {name: x}} | 1:13: cluster_type: `type` and `cluster_type` exclude each other",
                "round_robin_lb_config: {slow_start_config: {aggression: {default_value: a}}} | 1:58:"
                        + " round_robin_lb_config.slow_start_config.aggression.default_value: expected a number but found `a`",
                "round_robin_lb_config: {slow_start_config: {aggression: {default_value: 1e400}}} | 1:58:"
                        + " round_robin_lb_config.slow_start_config.aggression.default_value: 1e400 is out of range",
            })
    void tellsWhatIsWrongAndWhere(String yaml, String problems) throws Exception {
        var read = ReadText.of(Cluster.getDefaultInstance(), yaml);

        assertThat(read.errors()).containsExactly(("a.yaml:" + problems.replace("\\n", "\na.yaml:")).split("\n"));
    }

    @Test
    void neverShowsWhatASecretFieldWasGiven() throws Exception {
        var read = ReadText.of(DataSource.getDefaultInstance(), "inline_bytes: 'secret!'");

        assertThat(read.errors()).containsExactly("a.yaml:1:1: inline_bytes: is not base64");
    }

    @Test
    void warnsOfUnknownFieldsOrKeepsSilentWhereTold() throws Exception {
        String yaml = "{name: a, new_field: {x: 1}, type: NEWER}";

        var warned = ReadText.of(Cluster.getDefaultInstance(), yaml, UnknownFields.WARN);
        assertThat(warned.errors()).isEmpty();
        assertThat(warned.problems().warnings())
                .extracting(warning -> warning.path() + ": " + warning.message())
                .containsExactly(
                        "new_field: unknown field `new_field` in envoy.config.cluster.v3.Cluster; ignored",
                        "type: unknown value `NEWER` of enum envoy.config.cluster.v3.Cluster.DiscoveryType; ignored");
        assertThat(warned.problems().ignoredFields()).isEqualTo(2);

        var silent = ReadText.of(Cluster.getDefaultInstance(), yaml, UnknownFields.IGNORE);
        assertThat(silent.errors()).isEmpty();
        assertThat(silent.problems().warnings()).isEmpty();
        assertThat(silent.problems().ignoredFields()).isEqualTo(2);
        assertThat(silent.message().getName()).isEqualTo("a");
    }

    @Test
    void refusesUnknownFieldsInWhatProtectsWhateverItWasTold() throws Exception {
        var read = ReadText.of(RBAC.getDefaultInstance(), "{ruls: {}}", UnknownFields.IGNORE);

        assertThat(read.errors()).singleElement().asString().contains("unknown field `ruls`");
    }

    private static Duration seconds(long seconds, int nanos) {
        return Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
    }
}
