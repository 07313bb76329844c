package dev.starling.config.proto.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import dev.starling.config.Problem;
import dev.starling.config.proto.FieldPath;
import dev.starling.config.proto.Problems;
import dev.starling.config.proto.UnknownFieldPolicy;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.source.SourceMap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import java.util.List;
import org.junit.jupiter.api.Test;

class SupportCheckTest {

    private static final FieldSupport SUPPORT = SupportList.parse("list", """
            [!envoy.extensions.filters.http.rbac.]
            [envoy.config.cluster.v3.Cluster]
            name
            type = STATIC EDS
            health_checks
            track_timeout_budgets
            typed_extension_protocol_options
            metadata: nothing reads it
            !transport_socket
            [envoy.config.core.v3.TypedExtensionConfig]
            typed_config
            [envoy.extensions.filters.http.router.v3.Router]
            suppress_envoy_headers
            [envoy.config.route.v3.RateLimit.Action]
            dynamic_metadata
            [envoy.config.trace.v3.ZipkinConfig]
            collector_endpoint_version
            """);

    private final Problems problems = new Problems(SourceMap.NONE);

    @Test
    void refusesFieldsThatAreNotListed() {
        var cluster = Cluster.newBuilder()
                .setName("a")
                .setAltStatName("b")
                .addHealthChecks(HealthCheck.newBuilder().setAltPort(UInt32Value.of(5)))
                .build();

        assertThat(check(cluster, UnknownFields.REJECT))
                .containsExactly(
                        "health_checks[0].alt_port: not supported yet: `alt_port` of envoy.config.core.v3.HealthCheck",
                        "alt_stat_name: not supported yet: `alt_stat_name` of envoy.config.cluster.v3.Cluster");
    }

    @Test
    void skipsThemWithAWarningWhereTold() {
        var cluster = Cluster.newBuilder().setAltStatName("b").build();

        assertThat(check(cluster, UnknownFields.WARN)).isEmpty();
        assertThat(warnings())
                .containsExactly("alt_stat_name: not supported yet: `alt_stat_name` of envoy.config.cluster.v3.Cluster;"
                        + " ignored");
        assertThat(problems.ignoredFields()).isEqualTo(1);
    }

    @Test
    void neverSkipsWhatProtects() {
        var cluster = Cluster.newBuilder()
                .setTransportSocket(TransportSocket.getDefaultInstance())
                .build();
        assertThat(check(cluster, UnknownFields.IGNORE))
                .singleElement()
                .asString()
                .contains("`transport_socket`");

        var rbac = RBAC.newBuilder().setShadowRulesStatPrefix("x").build();
        assertThat(check(rbac, UnknownFields.IGNORE)).anyMatch(error -> error.contains("`shadow_rules_stat_prefix`"));
    }

    @Test
    void takesWhatIsAcceptedAndLooksNoFurther() {
        var cluster = Cluster.newBuilder()
                .setMetadata(Metadata.newBuilder().putTypedFilterMetadata("a", Any.getDefaultInstance()))
                .build();

        assertThat(check(cluster, UnknownFields.REJECT)).isEmpty();
        assertThat(warnings()).isEmpty();
    }

    @Test
    void refusesEnumValuesThatAreNotListedInEveryMode() {
        var cluster =
                Cluster.newBuilder().setType(Cluster.DiscoveryType.ORIGINAL_DST).build();

        assertThat(check(cluster, UnknownFields.IGNORE))
                .containsExactly("type: not supported yet: ORIGINAL_DST as `type`");
        assertThat(new SupportCheckTest()
                        .check(
                                Cluster.newBuilder()
                                        .setType(Cluster.DiscoveryType.EDS)
                                        .build(),
                                UnknownFields.REJECT))
                .isEmpty();
    }

    @Test
    void looksIntoExtensionsOfListedTypes() {
        var router = Router.newBuilder().addStrictCheckHeaders("a").build();
        var cluster = Cluster.newBuilder()
                .putTypedExtensionProtocolOptions("a.b", Any.pack(router))
                .putTypedExtensionProtocolOptions("c", Any.pack(ListStringMatcher.getDefaultInstance()))
                .build();

        assertThat(check(cluster, UnknownFields.REJECT))
                .containsExactly("typed_extension_protocol_options[\"a.b\"].strict_check_headers: not supported yet:"
                        + " `strict_check_headers` of envoy.extensions.filters.http.router.v3.Router");
    }

    @Test
    void looksIntoTypedStructs() {
        var struct = TypedStruct.newBuilder()
                .setTypeUrl("type.googleapis.com/envoy.extensions.filters.http.router.v3.Router")
                .setValue(Struct.newBuilder()
                        .putFields(
                                "unheard_of",
                                Value.newBuilder().setBoolValue(true).build()));
        var extension = TypedExtensionConfig.newBuilder()
                .setTypedConfig(Any.pack(struct.build()))
                .build();

        assertThat(check(extension, UnknownFields.REJECT))
                .containsExactly("typed_config.unheard_of: unknown field `unheard_of` in"
                        + " envoy.extensions.filters.http.router.v3.Router");
    }

    @Test
    void refusesBytesThatAreNotOfTheirType() {
        var extension = TypedExtensionConfig.newBuilder()
                .setTypedConfig(Any.newBuilder()
                        .setTypeUrl("type.googleapis.com/envoy.extensions.filters.http.router.v3.Router")
                        .setValue(ByteString.copyFromUtf8("zzz")))
                .build();

        assertThat(check(extension, UnknownFields.REJECT))
                .containsExactly("typed_config: is not a valid envoy.extensions.filters.http.router.v3.Router");
    }

    @Test
    void findsFieldsThisBuildHasNoNameFor() {
        var later = UnknownFieldSet.Field.newBuilder().addVarint(1).build();
        var cluster = Cluster.newBuilder()
                .setUnknownFields(
                        UnknownFieldSet.newBuilder().addField(4711, later).build())
                .build();

        assertThat(check(cluster, UnknownFields.REJECT))
                .containsExactly("unknown field numbers [4711] in envoy.config.cluster.v3.Cluster");
    }

    @Test
    @SuppressWarnings("deprecation") // is what it is about
    void warnsOfDeprecatedFields() {
        assertThat(check(Cluster.newBuilder().setTrackTimeoutBudgets(true).build(), UnknownFields.REJECT))
                .isEmpty();
        assertThat(warnings()).containsExactly("track_timeout_budgets: `track_timeout_budgets` is deprecated");
    }

    @Test
    @SuppressWarnings("deprecation") // is what it is about
    void refusesWhatEnvoyNoLongerAllows() {
        var action = RateLimit.Action.newBuilder()
                .setDynamicMetadata(RateLimit.Action.DynamicMetaData.getDefaultInstance())
                .build();
        assertThat(check(action, UnknownFields.WARN))
                .containsExactly("dynamic_metadata: `dynamic_metadata` is deprecated and no longer allowed");
    }

    @Test
    void asksForAnEnumWhoseZeroIsNoLongerAllowed() {
        assertThat(check(ZipkinConfig.getDefaultInstance(), UnknownFields.WARN))
                .containsExactly("collector_endpoint_version: is required: DEPRECATED_AND_UNAVAILABLE_DO_NOT_USE is no"
                        + " longer allowed");
        assertThat(new SupportCheckTest()
                        .check(
                                ZipkinConfig.newBuilder()
                                        .setCollectorEndpointVersion(ZipkinConfig.CollectorEndpointVersion.HTTP_JSON)
                                        .build(),
                                UnknownFields.WARN))
                .isEmpty();
    }

    private List<String> check(Message message, UnknownFields unknownFields) {
        new SupportCheck(SUPPORT, new UnknownFieldPolicy(unknownFields, SUPPORT::isProtective, problems))
                .check(message, FieldPath.ROOT);
        return problems.errors().stream().map(Problem::toString).toList();
    }

    private List<String> warnings() {
        return problems.warnings().stream().map(Problem::toString).toList();
    }
}
