package dev.starling.config.proto.http;

import com.github.xds.type.v3.TypedStruct;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.starling.config.http.RelayGroup;
import dev.starling.config.http.RelayGroup.NodeMatcher;
import dev.starling.config.http.RelayGroup.ResourceSelector;
import dev.starling.config.http.XdsRelay;
import dev.starling.config.matcher.StringMatcher;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.matcher.StringMatcherReader;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.service.runtime.v3.Runtime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the {@code TypedStruct} of the filter that serves xDS: it is none of Envoy's, so it has no message of its own. */
public final class XdsRelayReader {

    /** What the {@code type_url} of the struct ends with. */
    public static final String TYPE = "starling.filters.http.XdsRelay";

    /** What is relayed: no secrets. */
    public static final Set<String> SERVED = Stream.<Message>of(
                    Cluster.getDefaultInstance(),
                    ClusterLoadAssignment.getDefaultInstance(),
                    LbEndpoint.getDefaultInstance(),
                    Listener.getDefaultInstance(),
                    RouteConfiguration.getDefaultInstance(),
                    Runtime.getDefaultInstance(),
                    ScopedRouteConfiguration.getDefaultInstance(),
                    TypedExtensionConfig.getDefaultInstance(),
                    VirtualHost.getDefaultInstance())
            .map(type -> "type.googleapis.com/" + type.getDescriptorForType().getFullName())
            .collect(Collectors.toUnmodifiableSet());

    private XdsRelayReader() {}

    /** Null after a problem. */
    public static @Nullable XdsRelay read(TypedStruct message, ValidationContext context) {
        ValidationContext at = context.field("value");
        Map<String, Value> fields = fields(message.getValue(), Set.of("groups"), at);
        List<RelayGroup> groups = list(fields, "groups", XdsRelayReader::group, at);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < groups.size(); i++) {
            if (!names.add(groups.get(i).name())) {
                at.field("groups", i).field("name").problem("another group has this name");
            }
        }
        return context.failed() ? null : new XdsRelay(groups);
    }

    private static RelayGroup group(Struct group, ValidationContext at) {
        Map<String, Value> fields = fields(group, Set.of("name", "nodes", "resources"), at);
        String name = text(fields, "name", at).orElse("");
        if (name.isEmpty()) {
            at.field("name").problem("is required");
        }
        return new RelayGroup(
                name,
                list(fields, "nodes", XdsRelayReader::node, at),
                list(fields, "resources", XdsRelayReader::resource, at));
    }

    private static NodeMatcher node(Struct node, ValidationContext at) {
        Map<String, Value> fields = fields(node, Set.of("id", "cluster", "metadata"), at);
        if (fields.isEmpty()) {
            at.problem("one of id, cluster, metadata is required");
        }
        Map<String, StringMatcher> metadata = new HashMap<>();
        Value entries = fields.getOrDefault("metadata", Value.getDefaultInstance());
        struct(entries, at.field("metadata"))
                .getFieldsMap()
                .forEach((key, value) -> matcher(Optional.of(value), at.entry("metadata", key))
                        .ifPresent(matcher -> metadata.put(key, matcher)));
        return new NodeMatcher(
                matcher(Optional.ofNullable(fields.get("id")), at.field("id")),
                matcher(Optional.ofNullable(fields.get("cluster")), at.field("cluster")),
                metadata);
    }

    private static ResourceSelector resource(Struct selector, ValidationContext at) {
        Map<String, Value> fields = fields(selector, Set.of("type_url", "name"), at);
        if (fields.isEmpty()) {
            at.problem("one of type_url, name is required");
        }
        Optional<String> typeUrl = text(fields, "type_url", at);
        typeUrl.filter(url -> !SERVED.contains(url))
                .ifPresent(url -> at.field("type_url").problem("nothing of the type " + url + " is relayed"));
        return new ResourceSelector(typeUrl, matcher(Optional.ofNullable(fields.get("name")), at.field("name")));
    }

    // ---- pieces -----------------------------------------------------------------------------------------------------

    private static Map<String, Value> fields(Struct struct, Set<String> known, ValidationContext at) {
        Map<String, Value> fields = struct.getFieldsMap();
        fields.keySet().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> at.field(name).problem("no such field of " + TYPE));
        return fields;
    }

    private static <T> List<T> list(
            Map<String, Value> fields,
            String name,
            BiFunction<Struct, ValidationContext, T> element,
            ValidationContext at) {
        Value value = fields.getOrDefault(name, Value.getDefaultInstance());
        if (value.getKindCase() != Value.KindCase.KIND_NOT_SET && !value.hasListValue()) {
            at.field(name).problem("must be a list");
        }
        List<T> read = new ArrayList<>();
        List<Value> values = value.getListValue().getValuesList();
        for (int i = 0; i < values.size(); i++) {
            ValidationContext there = at.field(name, i);
            read.add(element.apply(struct(values.get(i), there), there));
        }
        return read;
    }

    private static Struct struct(Value value, ValidationContext at) {
        if (value.getKindCase() != Value.KindCase.KIND_NOT_SET && !value.hasStructValue()) {
            at.problem("must be an object");
        }
        return value.getStructValue();
    }

    private static Optional<String> text(Map<String, Value> fields, String name, ValidationContext at) {
        return Optional.ofNullable(fields.get(name)).map(value -> text(value, at.field(name)));
    }

    private static String text(Value value, ValidationContext at) {
        if (!value.hasStringValue()) {
            at.problem("must be text");
        }
        return value.getStringValue();
    }

    /** An {@code envoy.type.matcher.v3.StringMatcher}. */
    private static Optional<StringMatcher> matcher(Optional<Value> value, ValidationContext at) {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        var message = io.envoyproxy.envoy.type.matcher.v3.StringMatcher.newBuilder();
        fields(
                        struct(value.get(), at),
                        Set.of("exact", "prefix", "suffix", "contains", "safe_regex", "ignore_case"),
                        at)
                .forEach((name, field) -> {
                    switch (name) {
                        case "exact" -> message.setExact(text(field, at.field(name)));
                        case "prefix" -> message.setPrefix(text(field, at.field(name)));
                        case "suffix" -> message.setSuffix(text(field, at.field(name)));
                        case "contains" -> message.setContains(text(field, at.field(name)));
                        case "safe_regex" ->
                            text(
                                            fields(struct(field, at.field(name)), Set.of("regex"), at.field(name)),
                                            "regex",
                                            at.field(name))
                                    .ifPresent(regex ->
                                            message.getSafeRegexBuilder().setRegex(regex));
                        case "ignore_case" -> message.setIgnoreCase(field.getBoolValue());
                        default -> {} // a problem already
                    }
                });
        return at.failed() ? Optional.empty() : Optional.ofNullable(StringMatcherReader.read(message.build(), at));
    }
}
