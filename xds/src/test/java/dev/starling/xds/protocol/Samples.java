package dev.starling.xds.protocol;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.proto.EncodedMessage;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceType.Methods;
import dev.starling.xds.resource.ResourceType.Scope;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.time.Duration;
import java.util.List;

/**
 * Resources for conversations, written {@code name=content}: {@code bad} is a content that does not pass validation,
 * {@code bug} one that a reader fails at, {@code junk} one that cannot be decoded, {@code alien} one of another type. {@code ~10} lends it for ten seconds,
 * {@code name~10} alone is a sign of life, {@code @v} gives it a version and {@code |alias} another name.
 */
final class Samples {

    private Samples() {}

    /** A cluster's content is its second name. */
    static ResourceType<String> clusters(Scope scope) {
        return ResourceType.of(
                Cluster.getDefaultInstance(),
                scope,
                new Methods("stream", "delta"),
                "Error: ",
                Cluster::getName,
                Samples::content,
                cluster -> List.of());
    }

    private static String content(EncodedMessage<Cluster> encoded) throws InvalidConfigException {
        var cluster = encoded.message();
        if (cluster.getAltStatName().equals("bad")) {
            throw new InvalidConfigException(Problem.at("alt_stat_name", "must be good"));
        }
        if (cluster.getAltStatName().equals("bug")) {
            throw new IllegalStateException("a bug");
        }
        return cluster.getAltStatName();
    }

    static Any message(String name, String content) {
        return switch (content) {
            case "junk" ->
                Any.newBuilder()
                        .setTypeUrl(
                                "type.googleapis.com/" + Cluster.getDescriptor().getFullName())
                        .setValue(ByteString.copyFromUtf8("\u0007junk"))
                        .build();
            case "alien" -> Any.pack(RouteConfiguration.getDefaultInstance());
            default ->
                Any.pack(Cluster.newBuilder()
                        .setName(name)
                        .setAltStatName(content)
                        .build());
        };
    }

    /** Whether it must be wrapped. */
    static boolean isPlain(String word) {
        return !word.contains("~") && !word.contains("@");
    }

    static Any plain(String word) {
        int equals = word.indexOf('=');
        return message(word.substring(0, equals), word.substring(equals + 1));
    }

    static Resource wrapped(String word) {
        var resource = Resource.newBuilder();
        String rest = word;
        int ttl = rest.indexOf('~');
        if (ttl >= 0) {
            long seconds =
                    Duration.ofSeconds(Long.parseLong(rest.substring(ttl + 1))).toSeconds();
            resource.getTtlBuilder().setSeconds(seconds);
            rest = rest.substring(0, ttl);
        }
        int equals = rest.lastIndexOf('=');
        String content = equals < 0 ? "" : rest.substring(equals + 1);
        rest = equals < 0 ? rest : rest.substring(0, equals);
        int version = rest.indexOf('@');
        if (version >= 0) {
            resource.setVersion(rest.substring(version + 1));
            rest = rest.substring(0, version);
        }
        int alias = rest.indexOf('|');
        if (alias >= 0) {
            resource.addAliases(rest.substring(alias + 1));
            rest = rest.substring(0, alias);
        }
        resource.setName(rest);
        if (!content.isEmpty()) {
            resource.setResource(message(rest, content));
        }
        return resource.build();
    }
}
