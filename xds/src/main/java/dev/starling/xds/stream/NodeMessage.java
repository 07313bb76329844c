package dev.starling.xds.stream;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who asks, as control planes are told. */
public final class NodeMessage {

    /** Control planes look for this name to know what they may send. */
    private static final String USER_AGENT = "envoy";

    private static final int API_MAJOR = 1;
    private static final int API_MINOR = 34;
    private static final List<String> FEATURES = List.of(
            "envoy.lb.does_not_support_overprovisioning",
            "xds.config.supports-resource-ttl",
            "xds.config.supports-resource-in-sotw");

    private NodeMessage() {}

    public static Node of(dev.starling.config.bootstrap.Node node) {
        Node.Builder message = Node.newBuilder()
                .setId(node.id())
                .setCluster(node.cluster())
                .setLocality(Locality.newBuilder()
                        .setRegion(node.locality().region())
                        .setZone(node.locality().zone())
                        .setSubZone(node.locality().subZone()))
                .setMetadata(struct(node.metadata()))
                .setUserAgentName(USER_AGENT)
                .addAllClientFeatures(FEATURES);
        message.getUserAgentBuildVersionBuilder()
                .getVersionBuilder()
                .setMajorNumber(API_MAJOR)
                .setMinorNumber(API_MINOR);
        message.getUserAgentBuildVersionBuilder().getMetadataBuilder().putFields("build.type", text("starling"));
        return message.build();
    }

    private static Struct struct(Map<?, ?> fields) {
        Struct.Builder struct = Struct.newBuilder();
        fields.forEach((name, value) -> struct.putFields(String.valueOf(name), value(value)));
        return struct.build();
    }

    private static Value value(@Nullable Object value) {
        return switch (value) {
            case null -> Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build();
            case Boolean flag -> Value.newBuilder().setBoolValue(flag).build();
            case Number number ->
                Value.newBuilder().setNumberValue(number.doubleValue()).build();
            case Map<?, ?> fields ->
                Value.newBuilder().setStructValue(struct(fields)).build();
            case List<?> elements ->
                Value.newBuilder()
                        .setListValue(ListValue.newBuilder()
                                .addAllValues(elements.stream()
                                        .map(NodeMessage::value)
                                        .toList()))
                        .build();
            default -> text(value.toString());
        };
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
