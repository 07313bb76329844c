package dev.starling.xds.relay;

import com.google.protobuf.Any;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.proto.EncodedMessage;
import dev.starling.xds.resource.Held;
import dev.starling.xds.resource.HeldResources;
import dev.starling.xds.resource.ResourceType;
import dev.starling.xds.resource.ResourceType.Methods;
import dev.starling.xds.resource.ResourceType.Scope;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.time.Instant;
import java.util.List;

/**
 * Clusters that are held, whose content is their second name. What begins with {@code bad} clients do not take, though it is
 * held: they may be of another release.
 */
final class Shelf {

    final HeldResources held = new HeldResources();
    private final HeldResources.Section section = held.section();
    final HeldCatalogue catalogue = new HeldCatalogue(held);
    final ResourceType<String> type;

    Shelf(Scope scope) {
        type = ResourceType.of(
                Cluster.getDefaultInstance(),
                scope,
                new Methods("a.Service/Stream", "a.Service/Delta"),
                "Error adding/updating cluster(s) ",
                Cluster::getName,
                Shelf::content,
                _ -> List.of());
        held.listen(catalogue::changed);
    }

    private static String content(EncodedMessage<Cluster> encoded) throws InvalidConfigException {
        var cluster = encoded.message();
        if (cluster.getAltStatName().startsWith("bad")) {
            throw new InvalidConfigException(Problem.at("alt_stat_name", "must be good"));
        }
        return cluster.getAltStatName();
    }

    /** @param words {@code name=content}, or {@code -name} */
    Shelf put(String... words) {
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                section.remove(type.typeUrl(), word.substring(1));
            } else {
                String name = word.substring(0, equals);
                String content = word.substring(equals + 1);
                Any message = Any.pack(Cluster.newBuilder()
                        .setName(name)
                        .setAltStatName(content)
                        .build());
                section.put(
                        type.typeUrl(),
                        new Held<>(name, "1", List.of(), message, content, content.hashCode(), Instant.EPOCH, false));
            }
        }
        section.settled(type.typeUrl());
        return this;
    }

    ServedType served() {
        return catalogue.of(type.typeUrl());
    }
}
