package dev.starling.config.proto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTypesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "envoy.config.cluster.v3.Cluster",
                "envoy.config.cluster.v3.Cluster.CommonLbConfig.ZoneAwareLbConfig",
                "google.protobuf.Duration",
                "google.rpc.Status",
                "xds.type.v3.TypedStruct",
                "xds.type.matcher.v3.Matcher.MatcherList",
                "udpa.type.v1.TypedStruct",
                "opentelemetry.proto.trace.v1.Span",
                "cel.expr.Expr",
            })
    void findsTypesByTheirFullNames(String name) {
        assertThat(MessageTypes.find(name))
                .get()
                .satisfies(message ->
                        assertThat(message.getDescriptorForType().getFullName()).isEqualTo(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "envoy.",
                "envoy.config.cluster.v3.cluster",
                "envoy.config.cluster.v3.Cluster$CommonLbConfig",
                "envoy.config.cluster.v3.ClusterProto",
                "envoy.config.cluster.v3.Cluster.DiscoveryType",
                "envoy/config/cluster/v3/Cluster",
                "java.lang.String",
                "google.protobuf.Message",
                "google.common.collect.ImmutableList",
            })
    void findsNothingElse(String name) {
        assertThat(MessageTypes.find(name)).isEmpty();
    }
}
